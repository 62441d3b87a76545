// The one message that is shown at a time: the latest.
import { signal } from "@preact/signals";

export class Messages {
  readonly current = signal("");

  show(text: string): void {
    this.current.value = text;
  }

  dismiss(): void {
    this.current.value = "";
  }
}
