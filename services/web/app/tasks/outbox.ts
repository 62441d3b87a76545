// New tasks and edits that the server has not confirmed: kept across reloads, so that what was typed is not lost. A new
// task is sent again with the key that it was first sent with, so that none is made twice.
import type { NewTask, TaskChanges } from "../api/task_api.ts";
import type { KeptItems } from "../kept_items.ts";

export interface Unsent {
  /** The idempotency key, and the key of the entry. */
  key: string;
  task: NewTask;
  madeAtMs: number;
}

/** Safe to send again by what was seen: what has been carried out is found to be so. */
export interface UnsentEdit {
  key: string;
  /** The key under which the task is being made, while it has no id. */
  taskId: string;
  changes: TaskChanges;
  seen: TaskChanges;
  madeAtMs: number;
}

/** The server remembers a key for 24 hours: what is older could be made twice. */
const LONGEST_MS = 23 * 3600 * 1000;

export class Outbox {
  readonly #items: KeptItems;
  readonly #prefix: string;
  #isClosed = false;

  constructor(items: KeptItems, userId: string) {
    this.#items = items;
    this.#prefix = `todo_unsent:${userId}:`;
  }

  put(unsent: Unsent | UnsentEdit): void {
    if (!this.#isClosed) this.#items.setItem(this.#prefix + unsent.key, JSON.stringify(unsent));
  }

  remove(key: string): void {
    this.#items.removeItem(this.#prefix + key);
  }

  /** New tasks, in the order in which they were made. One that is too old gets a new key: it was given up long ago. */
  all(nowMs: number, newKey: () => string): Unsent[] {
    const kept = this.#kept().filter((unsent) => "task" in unsent && typeof unsent.task.title === "string") as Unsent[];
    return kept.map((unsent) => (nowMs - unsent.madeAtMs < LONGEST_MS ? unsent : this.#renew(unsent, nowMs, newKey())));
  }

  edits(): UnsentEdit[] {
    return this.#kept().filter((unsent) => "taskId" in unsent);
  }

  holds(key: string): boolean {
    return this.#items.getItem(this.#prefix + key) !== null;
  }

  isEmpty(): boolean {
    return this.#items.names(this.#prefix).length === 0;
  }

  /** Gives up what all tabs have kept, and keeps nothing any more: for when the user signs out. */
  close(): void {
    this.#isClosed = true;
    for (const name of this.#items.names(this.#prefix)) this.#items.removeItem(name);
  }

  #renew(unsent: Unsent, nowMs: number, key: string): Unsent {
    this.remove(unsent.key);
    const renewed = { ...unsent, key, madeAtMs: nowMs };
    this.put(renewed);
    for (const edit of this.edits()) if (edit.taskId === unsent.key) this.put({ ...edit, taskId: key });
    return renewed;
  }

  #kept(): (Unsent | UnsentEdit)[] {
    const found = this.#items.names(this.#prefix).map((name) => this.#read(name));
    return found.filter((unsent) => unsent !== undefined).sort((a, b) => a.madeAtMs - b.madeAtMs);
  }

  #read(name: string): Unsent | UnsentEdit | undefined {
    try {
      return (JSON.parse(this.#items.getItem(name) ?? "null") ?? undefined) as Unsent | UnsentEdit | undefined;
    } catch {
      return undefined;
    }
  }
}
