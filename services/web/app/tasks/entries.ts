// All entries of one user, in the order in which they came.
import { computed, signal } from "@preact/signals";
import type { Task } from "../api/task_api.ts";
import { byPosition, type Change, confirmedEntry, type Entry, isOlder, shown, withoutPending } from "./entry.ts";

export class Entries {
  readonly #entries = signal<readonly Entry[]>([]);

  readonly #shown = computed(() => this.#entries.value.map(shown).filter((task) => task !== undefined));
  /** Outside the trash, in the manual order. */
  readonly tasks = computed(() => this.#shown.value.filter((task) => !task.isDeleted).sort(byPosition));
  readonly trash = computed(() => this.#shown.value.filter((task) => task.isDeleted));

  find(key: string): Entry | undefined {
    return this.#entries.peek().find((entry) => entry.key === key);
  }

  findTask(id: string): Entry | undefined {
    return this.#entries.peek().find(({ confirmed }) => confirmed?.id === id);
  }

  /** Whether a task of this title is being made. */
  isMaking(title: string): boolean {
    return this.#entries.peek().some(({ confirmed, pending }) => !confirmed && pending[0]?.changes.title === title);
  }

  add(entry: Entry): void {
    this.#entries.value = [...this.#entries.value, entry];
  }

  replace(key: string, change: (entry: Entry) => Entry): void {
    this.#entries.value = this.#entries.value.map((entry) => (entry.key === key ? change(entry) : entry));
  }

  drop(key: string): void {
    this.#entries.value = this.#entries.value.filter((entry) => entry.key !== key);
  }

  /** The server has answered to a change. */
  confirm(key: string, change: Change, task: Task): void {
    // A load or a live update that overtook the answer to a creation may have brought the task already.
    this.#entries.value = this.#entries.value
      .filter((entry) => entry.key === key || entry.confirmed?.id !== task.id)
      .map((entry) => (entry.key === key ? settled(entry, change, task) : entry));
  }

  /** All that the server has. What is being made stays, and what is in the trash where that was not asked for. */
  load(tasks: readonly Task[], withTrash: boolean): void {
    const known = new Map(this.#entries.value.map((entry) => [entry.confirmed?.id ?? entry.key, entry]));
    const loaded = tasks.map((task) => {
      const entry = known.get(task.id);
      return entry === undefined ? confirmedEntry(task) : withNewer(entry, task);
    });
    const ids = new Set(tasks.map((task) => task.id));
    const stays = ({ confirmed }: Entry) =>
      confirmed === undefined || (!withTrash && confirmed.deleted_at !== null && !ids.has(confirmed.id));
    this.#entries.value = [...loaded, ...this.#entries.value.filter(stays)];
  }

  /** One task as it is now. */
  apply(task: Task): void {
    const entry = this.findTask(task.id);
    if (entry === undefined) this.add(confirmedEntry(task));
    else this.replace(entry.key, (known) => withNewer(known, task));
  }
}

function settled(entry: Entry, change: Change, task: Task): Entry {
  const newest = entry.confirmed !== undefined && isOlder(task, entry.confirmed) ? entry.confirmed : task;
  return { ...withoutPending(entry, change, newest), isUnsent: false };
}

/** Answers and live updates overtake each other: what is older is left aside. */
function withNewer(entry: Entry, task: Task): Entry {
  const isKnown =
    entry.confirmed !== undefined && (entry.confirmed.etag === task.etag || isOlder(task, entry.confirmed));
  return isKnown ? entry : { ...entry, confirmed: task };
}
