// The tasks of one user: shown at once as the user wants them, put back if the server refuses.
import { computed, signal } from "@preact/signals";
import { ApiProblem } from "../api/problem.ts";
import type { Task, TaskApi, TaskChanges } from "../api/task_api.ts";
import {
  type Change,
  confirmedEntry,
  type Entry,
  type ShownTask,
  shown,
  withoutPending,
  withPending,
} from "./entry.ts";
import { inParallel } from "./limit.ts";

export type TaskCalls = Pick<TaskApi, "list" | "create" | "update" | "remove">;

export type LoadState = "loading" | "loaded" | "failed";

export interface TaskStoreParts {
  api: TaskCalls;
  /** Told, in a sentence, why something was put back. */
  onFailure(message: string): void;
}

/** Browsers keep six connections an origin; some are left for other calls. */
const CALLS_AT_ONCE = 4;

export class TaskStore {
  readonly #parts: TaskStoreParts;
  readonly #entries = signal<readonly Entry[]>([]);
  /** The last call of each entry: the changes of one task go out one after the other. */
  readonly #tails = new Map<string, Promise<unknown>>();
  #lastKey = 0;

  readonly loadState = signal<LoadState>("loading");
  readonly tasks = computed<readonly ShownTask[]>(() =>
    this.#entries.value.map(shown).filter((task) => task !== undefined),
  );
  readonly activeCount = computed(() => this.tasks.value.filter((task) => !task.isCompleted).length);
  readonly completedCount = computed(() => this.tasks.value.length - this.activeCount.value);

  constructor(parts: TaskStoreParts) {
    this.#parts = parts;
  }

  /** Reads all tasks from the server; changes that are on their way stay on top. */
  async load(): Promise<void> {
    if (this.loadState.value === "failed") this.loadState.value = "loading";
    try {
      const tasks = await this.#parts.api.list();
      this.#entries.value = this.#merge(tasks);
      this.loadState.value = "loaded";
    } catch (error) {
      if (this.loadState.value !== "loaded") this.loadState.value = "failed";
      this.#parts.onFailure(`Your todos could not be loaded. ${reason(error)}`);
    }
  }

  /** Resolves with false when the task could not be made. */
  async add(text: string): Promise<boolean> {
    const title = text.trim();
    if (title === "") return true;
    this.#lastKey += 1;
    const key = `new-${this.#lastKey}`;
    const change: Change = { kind: "create", changes: { title } };
    this.#entries.value = [...this.#entries.value, { key, confirmed: undefined, pending: [change] }];
    return this.#send(key, change, `“${title}” was not added.`, () => this.#parts.api.create({ title }));
  }

  /** An empty title removes the task. */
  async setTitle(key: string, text: string): Promise<void> {
    const title = text.trim();
    const task = this.#shown(key);
    if (task === undefined || task.title === title) return;
    if (title === "") return this.remove(key);
    await this.#update(key, { title }, `“${task.title}” was not renamed.`);
  }

  async setCompleted(key: string, isCompleted: boolean): Promise<void> {
    const task = this.#shown(key);
    if (task === undefined || task.isCompleted === isCompleted) return;
    await this.#update(key, { is_completed: isCompleted }, `“${task.title}” was not changed.`);
  }

  async remove(key: string): Promise<void> {
    const task = this.#shown(key);
    if (task === undefined) return;
    const change: Change = { kind: "remove", changes: {} };
    this.#replace(key, (entry) => withPending(entry, change));
    await this.#send(key, change, `“${task.title}” was not deleted.`, (id) => this.#removeById(id));
  }

  async setAllCompleted(isCompleted: boolean): Promise<void> {
    const keys = this.tasks.value.filter((task) => task.isCompleted !== isCompleted).map((task) => task.key);
    await inParallel(keys, CALLS_AT_ONCE, (key) => this.setCompleted(key, isCompleted));
  }

  async clearCompleted(): Promise<void> {
    const keys = this.tasks.value.filter((task) => task.isCompleted).map((task) => task.key);
    await inParallel(keys, CALLS_AT_ONCE, (key) => this.remove(key));
  }

  async #update(key: string, changes: TaskChanges, failure: string): Promise<void> {
    const change: Change = { kind: "update", changes };
    this.#replace(key, (entry) => withPending(entry, change));
    await this.#send(key, change, failure, (id) => this.#parts.api.update(id, changes));
  }

  async #removeById(id: string): Promise<undefined> {
    try {
      await this.#parts.api.remove(id);
    } catch (error) {
      // Gone already is what was wanted.
      if (!isGone(error)) throw error;
    }
    return undefined;
  }

  /** Waits for the entry's earlier calls, then makes this one and settles its change. */
  async #send(
    key: string,
    change: Change,
    failure: string,
    call: (id: string) => Promise<Task | undefined>,
  ): Promise<boolean> {
    const turn = (this.#tails.get(key) ?? Promise.resolve()).then(() => this.#settle(key, change, failure, call));
    this.#tails.set(key, turn);
    const done = await turn;
    if (this.#tails.get(key) === turn) this.#tails.delete(key);
    return done;
  }

  async #settle(
    key: string,
    change: Change,
    failure: string,
    call: (id: string) => Promise<Task | undefined>,
  ): Promise<boolean> {
    const id = this.#find(key)?.confirmed?.id;
    // The task was never made, or is gone: there is nothing to change, and that was said already.
    if (id === undefined && change.kind !== "create") return false;
    try {
      const task = await call(id ?? "");
      if (task === undefined) this.#drop(key);
      else this.#confirm(key, change, task);
      return true;
    } catch (error) {
      this.#rollBack(key, change, error);
      this.#parts.onFailure(`${failure} ${reason(error)}`);
      return false;
    }
  }

  #confirm(key: string, change: Change, task: Task): void {
    // A load that overtook the answer to a creation may have listed the task already.
    this.#entries.value = this.#entries.value
      .filter((entry) => entry.key === key || entry.confirmed?.id !== task.id)
      .map((entry) => (entry.key === key ? withoutPending(entry, change, task) : entry));
  }

  #rollBack(key: string, change: Change, error: unknown): void {
    if (change.kind === "create" || isGone(error)) this.#drop(key);
    else this.#replace(key, (entry) => withoutPending(entry, change));
  }

  #merge(tasks: readonly Task[]): Entry[] {
    const known = new Map(this.#entries.value.map((entry) => [entry.confirmed?.id ?? entry.key, entry]));
    const merged = tasks.map((task) => {
      const entry = known.get(task.id);
      return entry === undefined ? confirmedEntry(task) : { ...entry, confirmed: task };
    });
    const beingMade = this.#entries.value.filter((entry) => entry.confirmed === undefined);
    return [...merged, ...beingMade];
  }

  #shown(key: string): ShownTask | undefined {
    const entry = this.#find(key);
    return entry && shown(entry);
  }

  #find(key: string): Entry | undefined {
    return this.#entries.peek().find((entry) => entry.key === key);
  }

  #replace(key: string, change: (entry: Entry) => Entry): void {
    this.#entries.value = this.#entries.value.map((entry) => (entry.key === key ? change(entry) : entry));
  }

  #drop(key: string): void {
    this.#entries.value = this.#entries.value.filter((entry) => entry.key !== key);
  }
}

function isGone(error: unknown): boolean {
  return error instanceof ApiProblem && error.status === 404;
}

function reason(error: unknown): string {
  if (isGone(error)) return "It was deleted elsewhere.";
  return error instanceof Error ? error.message : "Something unexpected happened.";
}
