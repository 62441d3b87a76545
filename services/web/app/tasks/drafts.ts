// What is being typed and not saved yet. Outlives the views and a reload, so that a session which ends does not take it
// along; never shown to another user.
import { effect, signal } from "@preact/signals";
import type { TaskChanges } from "../api/task_api.ts";
import type { KeptItems } from "../kept_items.ts";

export type TypedField = "title" | "description" | "tags";

export interface EditDraft {
  /** The id of the task; its key while it has none. */
  key: string;
  /** Typed in place of the title, or among the details. */
  place: "row" | "details";
  field: TypedField;
  text: string;
  /** The fields as they were when the typing began. */
  seen: TaskChanges;
}

interface Kept {
  newTitle: string;
  edit?: EditDraft | undefined;
}

const itemOf = (userId: string) => `todo_drafts:${userId}`;

export class Drafts {
  readonly newTitle = signal("");
  readonly edit = signal<EditDraft | undefined>(undefined);
  readonly #items: KeptItems;
  #owner: string | undefined;

  constructor(items: KeptItems) {
    this.#items = items;
    effect(() => this.#keep({ newTitle: this.newTitle.value, edit: this.edit.value }));
  }

  /**
   * For when the page is left: another tab, which keeps its own in the same place, may have been the last one. Where
   * nothing is typed here, that stays.
   */
  keep(): void {
    const drafts = { newTitle: this.newTitle.peek(), edit: this.edit.peek() };
    if (!isEmpty(drafts)) this.#keep(drafts);
  }

  /** To be called when somebody has signed in. */
  belongTo(userId: string): void {
    if (this.#owner === userId) return;
    this.#owner = undefined;
    const kept = this.#read(userId);
    this.newTitle.value = kept.newTitle;
    this.edit.value = kept.edit;
    this.#owner = userId;
  }

  clear(): void {
    this.newTitle.value = "";
    this.edit.value = undefined;
  }

  #keep(drafts: Kept): void {
    if (this.#owner === undefined) return;
    if (isEmpty(drafts)) this.#items.removeItem(itemOf(this.#owner));
    else this.#items.setItem(itemOf(this.#owner), JSON.stringify(drafts));
  }

  #read(userId: string): Kept {
    try {
      const kept = JSON.parse(this.#items.getItem(itemOf(userId)) ?? "null") as Partial<Kept> | null;
      return { newTitle: typeof kept?.newTitle === "string" ? kept.newTitle : "", edit: kept?.edit };
    } catch {
      return { newTitle: "" };
    }
  }
}

function isEmpty({ newTitle, edit }: Kept): boolean {
  return newTitle === "" && edit === undefined;
}
