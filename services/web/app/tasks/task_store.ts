// The tasks of one user: shown at once as the user wants them, put back if the server refuses.
import { signal } from "@preact/signals";
import { isGone, isInDoubt, isStale, reasonOf } from "../api/problem.ts";
import type { NewTask, Task, TaskApi, TaskChanges } from "../api/task_api.ts";
import type { Clock } from "../clock.ts";
import type { Say } from "../messages.ts";
import { newId } from "../new_id.ts";
import { Entries } from "./entries.ts";
import { type Change, type ShownTask, shown, withoutPending, withPending } from "./entry.ts";
import { inParallel } from "./limit.ts";
import { keyBetween } from "./order_key.ts";
import type { Outbox } from "./outbox.ts";

export type TaskCalls = Pick<TaskApi, "list" | "get" | "create" | "update" | "remove" | "undelete">;

export type LoadState = "loading" | "loaded" | "failed";

/** What the user has changed is not any more what it was when the user saw it. */
export interface Conflict {
  key: string;
  changes: TaskChanges;
  current: Task;
}

export interface TaskStoreParts {
  api: TaskCalls;
  outbox: Outbox;
  clock: Clock;
  /** Told, in a sentence, why something was put back, or what can be undone. */
  say: Say;
  onConflict(conflict: Conflict): void;
}

type Call = (id: string) => Promise<Task | undefined>;

/** Browsers keep six connections an origin; some are left for other calls. */
const CALLS_AT_ONCE = 4;
const MAX_STALE_TRIES = 3;

class ConflictFound extends Error {
  readonly current: Task;

  constructor(current: Task) {
    super("It was changed elsewhere.");
    this.current = current;
  }
}

export class TaskStore {
  readonly #parts: TaskStoreParts;
  readonly #entries = new Entries();
  /** The last call of each entry: the changes of one task go out one after the other. */
  readonly #tails = new Map<string, Promise<unknown>>();

  readonly loadState = signal<LoadState>("loading");
  readonly tasks = this.#entries.tasks;
  readonly trash = this.#entries.trash;

  constructor(parts: TaskStoreParts) {
    this.#parts = parts;
    for (const { key, task } of parts.outbox.all(parts.clock.now(), newId)) {
      const change: Change = { kind: "create", changes: task, idempotencyKey: key };
      this.#entries.add({ key, confirmed: undefined, pending: [change], isUnsent: true });
    }
  }

  /** Reads all tasks from the server; changes that are on their way stay on top. Resolves with whether it worked. */
  async load({ withTrash = false } = {}): Promise<boolean> {
    if (this.loadState.value === "failed") this.loadState.value = "loading";
    try {
      await this.#entries.load(() => this.#parts.api.list({ withTrash }), withTrash);
      this.loadState.value = "loaded";
      this.#takeUpEdits();
    } catch (error) {
      if (this.loadState.value !== "loaded") this.loadState.value = "failed";
      this.#parts.say(`Your todos could not be loaded. ${reasonOf(error)}`);
      return false;
    }
    await this.sendUnsent();
    return true;
  }

  /** A task as it is now, as another tab or device has left it. */
  apply(task: Task): void {
    this.#entries.apply(task);
  }

  /** Resolves with false when the task was refused. One that cannot be sent is kept, and sent again later. */
  async add(task: NewTask): Promise<boolean> {
    const title = task.title.trim();
    if (title === "") return true;
    const key = newId();
    const change: Change = { kind: "create", changes: { ...task, title }, idempotencyKey: key };
    this.#parts.outbox.put({ key, task: { ...task, title }, madeAtMs: this.#parts.clock.now() });
    this.#entries.add({ key, confirmed: undefined, pending: [change] });
    return this.#carryOut(key, change);
  }

  /** Sends what could not be sent, one after the other. */
  async sendUnsent(): Promise<void> {
    for (const { key } of this.tasks.peek().filter((task) => task.isUnsent)) {
      await this.sendAgain(key);
      if (this.#shown(key)?.isUnsent) return;
    }
  }

  /** Whether something is left that could not be sent. */
  hasUnsent(): boolean {
    return this.tasks.peek().some((task) => task.isUnsent);
  }

  /** Gives up all that could not be sent. */
  discardUnsent(): void {
    for (const { key } of this.tasks.peek().filter((task) => task.isUnsent)) this.discard(key);
  }

  /** All that is pending about a task, in the order in which it was changed, as far as it goes. */
  async sendAgain(key: string): Promise<void> {
    if (this.#tails.has(key)) return;
    for (const change of this.#entries.find(key)?.pending ?? []) {
      const done = await this.#carryOut(key, change);
      if (!done || this.#shown(key)?.isUnsent) return;
    }
  }

  /** Gives up what could not be sent: a new task, or changes of one that there is. */
  discard(key: string): void {
    const entry = this.#entries.find(key);
    for (const { idempotencyKey } of entry?.pending ?? []) this.#parts.outbox.remove(idempotencyKey);
    if (entry?.confirmed === undefined) this.#entries.drop(key);
    else this.#entries.replace(key, (each) => ({ ...each, pending: [], isUnsent: false }));
  }

  /** An empty title removes the task. Resolves with false when the title was refused. */
  async setTitle(key: string, text: string, seen?: string): Promise<boolean> {
    const title = text.trim();
    const task = this.#shown(key);
    if (task === undefined || task.title === title) return true;
    if (title !== "") return this.edit(key, { title }, { title: seen ?? task.title });
    await this.remove([key]);
    return true;
  }

  async setCompleted(key: string, isCompleted: boolean): Promise<void> {
    const task = this.#shown(key);
    if (task === undefined || task.isCompleted === isCompleted) return;
    await this.#update(key, updateOf({ is_completed: isCompleted }));
  }

  /**
   * Changes fields that the user has seen as `seen`. Where one of them has become something else meanwhile, nothing is
   * written, and the user is asked. Resolves with false when the change was refused.
   */
  async edit(key: string, changes: TaskChanges, seen: TaskChanges): Promise<boolean> {
    const { confirmed, isUnsent } = this.#entries.find(key) ?? {};
    const idempotencyKey = newId();
    const madeAtMs = this.#parts.clock.now();
    if (confirmed) this.#parts.outbox.put({ key: idempotencyKey, taskId: confirmed.id, changes, seen, madeAtMs });
    const change: Change = { kind: "update", changes, seen, idempotencyKey };
    if (!isUnsent) return this.#update(key, change);
    this.#entries.replace(key, (entry) => withPending(entry, change));
    await this.sendAgain(key);
    return true;
  }

  /** Puts the task behind `before` and ahead of `after`, where these are given. */
  async move(key: string, before: ShownTask | undefined, after: ShownTask | undefined): Promise<void> {
    const ends = await Promise.all([this.#positionOf(before), this.#positionOf(after)]);
    const position = ends.includes("") ? undefined : keyBetween(ends[0], ends[1]);
    if (position === undefined) return this.#parts.say("There is no room at that place. Move the neighbour first.");
    await this.#update(key, updateOf({ position }));
  }

  /** Moves tasks to the trash, and offers to undo it. */
  async remove(keys: readonly string[]): Promise<void> {
    const tasks = keys.map((key) => this.#shown(key)).filter((task) => task !== undefined);
    for (const task of tasks.filter((each) => each.isUnsent)) this.discard(task.key);
    const made = tasks.filter((task) => this.#entries.find(task.key) !== undefined);
    if (made.length === 0) return;
    const label = made.length === 1 ? `“${made[0]?.title}”` : `${made.length} todos`;
    this.#parts.say(`Deleted ${label}.`, { label: "Undo", run: () => void this.restore(made.map(({ key }) => key)) });
    await inParallel(made, CALLS_AT_ONCE, (task) => this.#remove(task));
  }

  /** Takes tasks out of the trash. */
  async restore(keys: readonly string[]): Promise<void> {
    await inParallel(keys, CALLS_AT_ONCE, async (key) => {
      const change: Change = { kind: "restore", changes: {}, idempotencyKey: newId() };
      const title = this.#shown(key)?.title ?? "";
      this.#entries.replace(key, (entry) => withPending(entry, change));
      await this.#send(key, change, `“${title}” was not restored.`, (id) => this.#parts.api.undelete(id));
    });
  }

  async setAllCompleted(keys: readonly string[], isCompleted: boolean): Promise<void> {
    const different = keys.filter((key) => this.#shown(key)?.isCompleted !== isCompleted);
    await inParallel(different, CALLS_AT_ONCE, (key) => this.setCompleted(key, isCompleted));
  }

  /** A task that is being made has none before the server has answered; empty where it has none even then. */
  async #positionOf(task: ShownTask | undefined): Promise<string | undefined> {
    if (task?.position === "") await this.#tails.get(task.key);
    return task && this.#shown(task.key)?.position;
  }

  /** Edits that an earlier page has left, on top of the tasks that they change. */
  #takeUpEdits(): void {
    for (const { key: idempotencyKey, taskId, changes, seen } of this.#parts.outbox.edits()) {
      const entry = this.#entries.findTask(taskId);
      if (entry === undefined || entry.pending.some((change) => change.idempotencyKey === idempotencyKey)) continue;
      const change: Change = { kind: "update", changes, seen, idempotencyKey };
      this.#entries.replace(entry.key, (each) => ({ ...withPending(each, change), isUnsent: true }));
    }
  }

  #update(key: string, change: Change): Promise<boolean> {
    this.#entries.replace(key, (entry) => withPending(entry, change));
    return this.#carryOut(key, change);
  }

  /** Sends a new task or an update that is among the pending changes of its entry. */
  async #carryOut(key: string, change: Change): Promise<boolean> {
    const { kind, changes, seen, idempotencyKey } = change;
    const title = this.#entries.find(key)?.confirmed?.title ?? changes.title ?? "";
    this.#entries.replace(key, (entry) => ({ ...entry, isUnsent: false }));
    if (kind === "create") {
      return this.#send(key, change, `“${title}” was not added.`, () =>
        this.#parts.api.create(changes as NewTask, idempotencyKey),
      );
    }
    const call: Call = (id) =>
      seen === undefined
        ? this.#parts.api.update(id, changes, { idempotencyKey })
        : this.#updateIfUnchanged(key, id, changes, seen);
    return this.#send(key, change, `“${title}” was not changed.`, call, () => void this.#update(key, change));
  }

  /**
   * Only against the state that was seen; what else has changed about the task does not matter. The etag makes it safe
   * to repeat: what was carried out already is found to be so.
   */
  async #updateIfUnchanged(key: string, id: string, changes: TaskChanges, seen: TaskChanges): Promise<Task> {
    for (let tries = 1; ; tries += 1) {
      const current = this.#entries.find(key)?.confirmed;
      if (current !== undefined && !isAsSeen(current, changes, seen)) throw new ConflictFound(current);
      try {
        return await this.#parts.api.update(id, changes, { etag: current?.etag });
      } catch (error) {
        if (!isStale(error) || tries === MAX_STALE_TRIES) throw error;
        this.apply(await this.#parts.api.get(id));
      }
    }
  }

  async #remove(task: ShownTask): Promise<void> {
    const change: Change = { kind: "remove", changes: {}, idempotencyKey: newId() };
    this.#entries.replace(task.key, (entry) => withPending(entry, change));
    await this.#send(task.key, change, `“${task.title}” was not deleted.`, async (id) => {
      try {
        await this.#parts.api.remove(id);
      } catch (error) {
        // Gone already is what was wanted.
        if (!isGone(error)) throw error;
      }
      return undefined;
    });
  }

  /** Waits for the entry's earlier calls, then makes this one and settles its change. */
  async #send(key: string, change: Change, failure: string, call: Call, again?: () => void): Promise<boolean> {
    const settle = () => this.#settle(key, change, failure, call, again);
    const turn = (this.#tails.get(key) ?? Promise.resolve()).then(settle);
    this.#tails.set(key, turn);
    const done = await turn;
    if (this.#tails.get(key) === turn) this.#tails.delete(key);
    return done;
  }

  async #settle(key: string, change: Change, failure: string, call: Call, again?: () => void): Promise<boolean> {
    const id = this.#entries.find(key)?.confirmed?.id;
    // The task was never made, or is gone: there is nothing to change, and that was said already.
    if (id === undefined && change.kind !== "create") return false;
    try {
      const task = await call(id ?? "");
      if (task === undefined) this.#entries.replace(key, (entry) => inTrash(entry, change, this.#parts.clock.now()));
      else this.#entries.confirm(key, change, task);
      this.#parts.outbox.remove(change.idempotencyKey);
      return true;
    } catch (error) {
      return this.#takeBack(key, change, failure, error, again);
    }
  }

  /** False where the server has refused; else it is kept, to be done later, or there is nothing to be done any more. */
  #takeBack(key: string, change: Change, failure: string, error: unknown, again?: () => void): boolean {
    const isTyped = change.kind === "create" || change.seen !== undefined;
    if (isTyped && isInDoubt(error)) {
      this.#entries.replace(key, (entry) => ({ ...entry, isUnsent: true }));
      this.#parts.say(`Not sent yet. ${reasonOf(error)}`);
      return true;
    }
    this.#parts.outbox.remove(change.idempotencyKey);
    if (change.kind === "create") this.discard(key);
    else if (isGone(error)) this.#entries.drop(key);
    else this.#entries.replace(key, (entry) => withoutPending(entry, change));
    if (error instanceof ConflictFound) {
      this.#parts.onConflict({ key, changes: change.changes, current: error.current });
      return true;
    }
    const canRepeat = again !== undefined && isInDoubt(error);
    this.#parts.say(`${failure} ${reasonOf(error)}`, canRepeat ? { label: "Try again", run: again } : undefined);
    return isGone(error);
  }

  #shown(key: string): ShownTask | undefined {
    const entry = this.#entries.find(key);
    return entry && shown(entry);
  }
}

function updateOf(changes: TaskChanges): Change {
  return { kind: "update", changes, idempotencyKey: newId() };
}

function inTrash(entry: Parameters<typeof withoutPending>[0], change: Change, nowMs: number) {
  const deleted_at = new Date(nowMs).toISOString();
  return withoutPending(entry, change, entry.confirmed && { ...entry.confirmed, deleted_at });
}

/** Whether each field to change is what was seen, or what it is to become. */
function isAsSeen(current: Task, changes: TaskChanges, seen: TaskChanges): boolean {
  return (Object.keys(changes) as (keyof TaskChanges)[]).every((field) => {
    const now = JSON.stringify(current[field]);
    return now === JSON.stringify(seen[field]) || now === JSON.stringify(changes[field]);
  });
}
