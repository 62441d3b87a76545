// New tasks that the server has not confirmed: kept across reloads, so that what was typed is not lost, and sent again
// with the key that they were first sent with, so that none is made twice.
import type { NewTask } from "../api/task_api.ts";
import type { KeptItems } from "../kept_items.ts";

export interface Unsent {
  /** The idempotency key, and the key of the entry. */
  key: string;
  task: NewTask;
  madeAtMs: number;
}

/** The server remembers a key for 24 hours: what is older could be made twice. */
const LONGEST_MS = 23 * 3600 * 1000;

export class Outbox {
  readonly #items: KeptItems;
  readonly #prefix: string;

  constructor(items: KeptItems, userId: string) {
    this.#items = items;
    this.#prefix = `todo_unsent:${userId}:`;
  }

  put(unsent: Unsent): void {
    this.#items.setItem(this.#prefix + unsent.key, JSON.stringify(unsent));
  }

  remove(key: string): void {
    this.#items.removeItem(this.#prefix + key);
  }

  /** In the order in which they were made. One that is too old gets a new key: it was given up long ago. */
  all(nowMs: number, newKey: () => string): Unsent[] {
    const found = this.#items.names(this.#prefix).map((name) => this.#read(name));
    const kept = found.filter((unsent) => unsent !== undefined).sort((a, b) => a.madeAtMs - b.madeAtMs);
    return kept.map((unsent) => (nowMs - unsent.madeAtMs < LONGEST_MS ? unsent : this.#renew(unsent, nowMs, newKey())));
  }

  #renew(unsent: Unsent, nowMs: number, key: string): Unsent {
    this.remove(unsent.key);
    const renewed = { ...unsent, key, madeAtMs: nowMs };
    this.put(renewed);
    return renewed;
  }

  #read(name: string): Unsent | undefined {
    try {
      const unsent = JSON.parse(this.#items.getItem(name) ?? "null") as { task?: { title?: unknown } } | null;
      return typeof unsent?.task?.title === "string" ? (unsent as Unsent) : undefined;
    } catch {
      return undefined;
    }
  }
}
