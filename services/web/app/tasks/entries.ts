// All entries of one user, in the order in which they came.
import { batch, computed, signal } from "@preact/signals";
import type { Task } from "../api/task_api.ts";
import { OvertakenReads } from "../overtaken_reads.ts";
import { byPosition, type Change, confirmedEntry, type Entry, isOlder, shown, withoutPending } from "./entry.ts";

export class Entries {
  readonly #entries = signal<readonly Entry[]>([]);
  readonly #reads = new OvertakenReads();
  /** What came while a task of the same title was being made: it may be that one, and would be listed twice. */
  readonly #early = new Map<string, Task>();
  /** Keys of entries that were found to be of the same task as another, each with the key of that one. */
  readonly #joined = new Map<string, string>();

  readonly #shown = computed(() => this.#entries.value.map(shown).filter((task) => task !== undefined));
  /** Outside the trash, in the manual order. */
  readonly tasks = computed(() => this.#shown.value.filter((task) => !task.isDeleted).sort(byPosition));
  readonly trash = computed(() => this.#shown.value.filter((task) => task.isDeleted));

  find(key: string): Entry | undefined {
    const known = this.#keyNow(key);
    return this.#entries.peek().find((entry) => entry.key === known);
  }

  findTask(id: string): Entry | undefined {
    return this.#entries.peek().find(({ confirmed }) => confirmed?.id === id);
  }

  /** What could not be sent, in the trash or not. */
  unsent(): Entry[] {
    return this.#entries.peek().filter((entry) => entry.unsent !== undefined);
  }

  add(entry: Entry): void {
    this.#entries.value = [...this.#entries.value, entry];
  }

  replace(key: string, change: (entry: Entry) => Entry): void {
    const known = this.#keyNow(key);
    this.#entries.value = this.#entries.value.map((entry) => (entry.key === known ? change(entry) : entry));
  }

  /** What is pending could not be sent, or was refused: then what came meanwhile is not it. */
  keepUnsent(key: string, unsent: "kept" | "refused"): void {
    batch(() => {
      this.replace(key, (entry) => ({ ...entry, unsent }));
      this.#applyEarly();
    });
  }

  drop(key: string): void {
    const known = this.#keyNow(key);
    this.#reads.note(this.find(known)?.confirmed?.id);
    this.#entries.value = this.#entries.value.filter((entry) => entry.key !== known);
    this.#applyEarly();
  }

  /** The server has answered to a change. */
  confirm(key: string, change: Change, task: Task): void {
    this.#reads.note(task.id);
    batch(() => {
      this.replace(key, (entry) => settled(entry, change, task));
      this.#join(this.#keyNow(key), task.id);
      this.#applyEarly();
    });
  }

  /**
   * All that the server has, as `read` gives it. What is being made or changed stays, what has changed while it was read,
   * and what is in the trash where that was not asked for. Rejects as the read does.
   */
  load(read: () => Promise<readonly Task[]>, withTrash: boolean): Promise<void> {
    return this.#reads.during(read, (tasks, changed) => {
      const known = new Map(this.#entries.value.map((entry) => [entry.confirmed?.id ?? entry.key, entry]));
      const loaded = tasks.flatMap((task) => {
        const entry = known.get(task.id);
        if (entry !== undefined) return withNewer(entry, task);
        // What was dropped meanwhile does not come back.
        if (changed.has(task.id) || this.#isEarly(task)) return [];
        return confirmedEntry(task);
      });
      const ids = new Set(tasks.map((task) => task.id));
      const stays = ({ confirmed, pending }: Entry) => {
        if (confirmed === undefined) return true;
        if (ids.has(confirmed.id)) return false;
        return pending.length > 0 || changed.has(confirmed.id) || (!withTrash && confirmed.deleted_at !== null);
      };
      this.#entries.value = [...loaded, ...this.#entries.value.filter(stays)];
      return [...ids, ...known.keys()];
    });
  }

  /** One task as it is now. */
  apply(task: Task): void {
    this.#reads.note(task.id);
    const entry = this.findTask(task.id);
    if (entry !== undefined) this.replace(entry.key, (known) => withNewer(known, task));
    else if (!this.#isEarly(task)) this.add(confirmedEntry(task));
  }

  /** Puts an unknown task aside where it may be one that is being made. */
  #isEarly(task: Task): boolean {
    const isMaking = this.#entries
      .peek()
      .some(
        ({ confirmed, pending, unsent }) =>
          !confirmed && unsent !== "refused" && pending[0]?.changes.title === task.title,
      );
    if (isMaking) this.#early.set(task.id, task);
    return isMaking;
  }

  #applyEarly(): void {
    const early = [...this.#early.values()];
    this.#early.clear();
    for (const task of early) this.apply(task);
  }

  /**
   * A task that was renamed elsewhere before the answer to its creation came is an entry of its own by then. Nothing of
   * either is lost: what is on its way about the other one finds this one by the other's key.
   */
  #join(key: string, id: string): void {
    const twin = this.#entries.value.find((entry) => entry.key !== key && entry.confirmed?.id === id);
    if (twin?.confirmed === undefined) return;
    const { confirmed, pending } = twin;
    this.#joined.set(twin.key, key);
    this.#entries.value = this.#entries.value.filter((entry) => entry !== twin);
    this.replace(key, (entry) => ({ ...withNewer(entry, confirmed), pending: [...entry.pending, ...pending] }));
  }

  #keyNow(key: string): string {
    const known = this.#joined.get(key);
    // Its task may have come back as an entry of its own.
    return known === undefined || this.#entries.peek().some((entry) => entry.key === key) ? key : known;
  }
}

function settled(entry: Entry, change: Change, task: Task): Entry {
  const newest = entry.confirmed !== undefined && isOlder(task, entry.confirmed) ? entry.confirmed : task;
  return withoutPending(entry, change, newest);
}

/** Answers and live updates overtake each other: what is older is left aside. */
function withNewer(entry: Entry, task: Task): Entry {
  const isKnown =
    entry.confirmed !== undefined && (entry.confirmed.etag === task.etag || isOlder(task, entry.confirmed));
  return isKnown ? entry : { ...entry, confirmed: task };
}
