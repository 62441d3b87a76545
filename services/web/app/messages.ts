// The one message that is shown at a time: the latest.
import { signal } from "@preact/signals";

export interface Message {
  text: string;
  /** What can be done about it, by one button. */
  action?: { label: string; run: () => void } | undefined;
}

export type Say = (text: string, action?: Message["action"]) => void;

export class Messages {
  readonly current = signal<Message | undefined>(undefined);

  readonly show: Say = (text, action) => {
    this.current.value = { text, action };
  };

  dismiss(): void {
    this.current.value = undefined;
  }
}
