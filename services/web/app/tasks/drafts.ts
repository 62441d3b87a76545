// What is being typed and not saved yet. Outlives the views, so that a session which ends
// does not take it along; never shown to another user.
import { signal } from "@preact/signals";

export interface EditDraft {
  key: string;
  title: string;
}

export class Drafts {
  readonly newTitle = signal("");
  readonly edit = signal<EditDraft | undefined>(undefined);
  #owner: string | undefined;

  /** To be called when somebody has signed in. */
  belongTo(userId: string): void {
    if (this.#owner !== undefined && this.#owner !== userId) this.clear();
    this.#owner = userId;
  }

  clear(): void {
    this.newTitle.value = "";
    this.edit.value = undefined;
  }
}
