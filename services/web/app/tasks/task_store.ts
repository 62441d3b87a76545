// The tasks of one user: shown at once as the user wants them, put back if the server refuses.
import { signal } from "@preact/signals";
import { isGone, isStale, isUndecided, reasonOf } from "../api/problem.ts";
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
  /** Under which it is kept until the user has decided. */
  idempotencyKey: string;
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

/** What became of a change: `kept` to be sent later, since nobody has decided about it yet. */
type Outcome = "done" | "kept" | "refused";

const DONE = { create: "added", update: "changed", remove: "deleted", restore: "restored" } as const;

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
  /** Changes that were kept once: they are not thrown away where the server refuses them, since no input has them. */
  readonly #kept = new WeakSet<Change>();
  /** Those whose pending changes are being sent again; until that has worked they are unsent. */
  readonly #sendingAgain = new Map<string, Promise<Outcome>>();
  #sending = Promise.resolve();
  #hasTakenUpEdits = false;

  readonly loadState = signal<LoadState>("loading");
  readonly tasks = this.#entries.tasks;
  readonly trash = this.#entries.trash;

  constructor(parts: TaskStoreParts) {
    this.#parts = parts;
    for (const { key, task } of parts.outbox.all(parts.clock.now(), newId)) {
      const change: Change = { kind: "create", changes: task, idempotencyKey: key };
      this.#kept.add(change);
      this.#entries.add({ key, confirmed: undefined, pending: [change], unsent: "kept" });
    }
  }

  /** Reads all tasks from the server; changes that are on their way stay on top. Resolves with whether it worked. */
  async load({ withTrash = false, quietly = false } = {}): Promise<boolean> {
    if (this.loadState.value === "failed") this.loadState.value = "loading";
    try {
      await this.#entries.load(() => this.#parts.api.list({ withTrash }), withTrash);
      this.loadState.value = "loaded";
      this.#takeUpEdits();
    } catch (error) {
      if (this.loadState.value !== "loaded") this.loadState.value = "failed";
      if (!quietly) this.#parts.say(`Your todos could not be loaded. ${reasonOf(error)}`);
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
    return (await this.#carryOut(key, change)) !== "refused";
  }

  /** Sends what could not be sent, one after the other. */
  sendUnsent(): Promise<void> {
    this.#sending = this.#sending.then(() => this.#sendEachUnsent());
    return this.#sending;
  }

  /** Waits for what is on its way, sends what could not be sent, and says whether nothing is left in any tab. */
  async sendAll(): Promise<boolean> {
    await Promise.all(this.#tails.values());
    await this.sendUnsent();
    return this.#entries.unsent().length === 0 && this.#parts.outbox.isEmpty();
  }

  /** Gives up all that could not be sent, for good: for when the user signs out. */
  giveUpUnsent(): void {
    this.#parts.outbox.close();
    for (const { key } of this.#entries.unsent()) this.discard(key);
  }

  /** All that is pending about a task, in the order in which it was changed, as far as it goes. */
  async sendAgain(key: string): Promise<Outcome> {
    while (this.#sendingAgain.has(key)) await this.#sendingAgain.get(key);
    if (this.#entries.find(key)?.unsent === undefined) return "done";
    const sending = this.#sendPending(key).finally(() => this.#sendingAgain.delete(key));
    this.#sendingAgain.set(key, sending);
    return sending;
  }

  /** Gives up what could not be sent: a new task, or changes of one that there is. */
  discard(key: string): void {
    const entry = this.#entries.find(key);
    this.#forget(entry?.pending ?? []);
    if (entry?.confirmed === undefined) this.#entries.drop(key);
    else this.#entries.replace(key, (each) => ({ ...each, pending: [], unsent: undefined }));
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
    await this.#change(key, changeOf("update", { is_completed: isCompleted }));
  }

  /**
   * Changes fields that the user has seen as `seen`. Where one of them has become something else meanwhile, nothing is
   * written, and the user is asked. Resolves with false when the change was refused.
   */
  async edit(key: string, changes: TaskChanges, seen: TaskChanges): Promise<boolean> {
    return (await this.#edit(key, { kind: "update", changes, seen, idempotencyKey: newId() })) !== "refused";
  }

  /** The user has decided whose change is to stay. */
  decide({ key, changes, current, idempotencyKey }: Conflict, keeps: "mine" | "theirs"): void {
    if (keeps === "mine") {
      const change: Change = { kind: "update", changes, seen: current, idempotencyKey: newId() };
      this.#kept.add(change);
      void this.#edit(key, change);
    }
    this.#parts.outbox.remove(idempotencyKey);
  }

  /** Puts the task behind `before` and ahead of `after`, where these are given. */
  async move(key: string, before: ShownTask | undefined, after: ShownTask | undefined): Promise<void> {
    const ends = await Promise.all([this.#positionOf(before), this.#positionOf(after)]);
    const position = ends.includes("") ? undefined : keyBetween(ends[0], ends[1]);
    if (position === undefined) return this.#parts.say("There is no room at that place. Move the neighbour first.");
    await this.#change(key, changeOf("update", { position }));
  }

  /** Moves tasks to the trash, and offers to undo it. */
  async remove(keys: readonly string[]): Promise<void> {
    const tasks = keys.map((key) => this.#shown(key)).filter((task) => task !== undefined);
    for (const task of tasks.filter((each) => each.isUnsent)) this.discard(task.key);
    const made = tasks.filter((task) => this.#entries.find(task.key) !== undefined);
    if (made.length === 0) return;
    const label = made.length === 1 ? `“${made[0]?.title}”` : `${made.length} todos`;
    this.#parts.say(`Deleted ${label}.`, { label: "Undo", run: () => void this.restore(made.map(({ key }) => key)) });
    await inParallel(made, CALLS_AT_ONCE, (task) => this.#change(task.key, changeOf("remove")));
  }

  /** Takes tasks out of the trash. */
  async restore(keys: readonly string[]): Promise<void> {
    await inParallel(keys, CALLS_AT_ONCE, (key) => this.#change(key, changeOf("restore")));
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
    if (this.#hasTakenUpEdits) return;
    this.#hasTakenUpEdits = true;
    for (const { key: idempotencyKey, taskId, changes, seen } of this.#parts.outbox.edits()) {
      const entry = this.#entries.find(taskId) ?? this.#entries.findTask(taskId);
      if (entry === undefined) {
        // It is being made, by another tab or by the next page.
        if (this.#parts.outbox.holds(taskId)) continue;
        this.#parts.outbox.remove(idempotencyKey);
        this.#parts.say("A change that was not sent yet was given up. Its todo was deleted meanwhile.");
        continue;
      }
      if (entry.pending.some((change) => change.idempotencyKey === idempotencyKey)) continue;
      const change: Change = { kind: "update", changes, seen, idempotencyKey };
      this.#kept.add(change);
      this.#entries.replace(entry.key, (each) => ({ ...withPending(each, change), unsent: each.unsent ?? "kept" }));
    }
  }

  async #sendEachUnsent(): Promise<void> {
    for (const { key, unsent } of this.#entries.unsent()) {
      // What was refused is refused again, until the user does something about it.
      if (unsent === "refused") continue;
      if ((await this.sendAgain(key)) === "kept") return;
    }
  }

  async #sendPending(key: string): Promise<Outcome> {
    for (;;) {
      const [change] = this.#entries.find(key)?.pending ?? [];
      if (change === undefined) break;
      const outcome = await this.#carryOut(key, change);
      if (outcome !== "done") return outcome;
    }
    this.#entries.replace(key, (entry) => ({ ...entry, unsent: undefined }));
    return "done";
  }

  /** An edit is typed: it is kept until the server has decided about it. */
  async #edit(key: string, change: Change): Promise<Outcome> {
    const entry = this.#entries.find(key);
    if (entry !== undefined) this.#keepEdit(entry.confirmed?.id ?? key, change);
    if (entry?.unsent === undefined) return this.#change(key, change);
    this.#kept.add(change);
    this.#entries.replace(key, (each) => withPending(each, change));
    await this.sendAgain(key);
    return "kept";
  }

  #keepEdit(taskId: string, { changes, seen = {}, idempotencyKey }: Change): void {
    this.#parts.outbox.put({ key: idempotencyKey, taskId, changes, seen, madeAtMs: this.#parts.clock.now() });
  }

  #change(key: string, change: Change): Promise<Outcome> {
    this.#entries.replace(key, (entry) => withPending(entry, change));
    return this.#carryOut(key, change);
  }

  /** Waits for the entry's earlier calls, then makes that of a change that is among its pending ones. */
  async #carryOut(key: string, change: Change): Promise<Outcome> {
    const turn = (this.#tails.get(key) ?? Promise.resolve()).then(() => this.#settle(key, change));
    this.#tails.set(key, turn);
    const outcome = await turn;
    if (this.#tails.get(key) === turn) this.#tails.delete(key);
    return outcome;
  }

  async #settle(key: string, change: Change): Promise<Outcome> {
    const entry = this.#entries.find(key);
    // Taken back, or its task was refused or is gone: that was said already.
    if (!entry?.pending.includes(change)) return "done";
    const id = entry.confirmed?.id;
    // Behind something that could not be sent: it goes out after that.
    const isHeldUp = entry.unsent !== undefined && !this.#sendingAgain.has(key);
    const waits = isHeldUp && (isTyped(change) || id === undefined);
    if (waits || (id === undefined && change.kind !== "create")) {
      this.#kept.add(change);
      return "kept";
    }
    try {
      const task = await this.#callOf(change, key)(id ?? "");
      if (task === undefined) this.#putInTrash(key, change);
      else this.#entries.confirm(key, change, task);
      this.#parts.outbox.remove(change.idempotencyKey);
      if (change.kind === "create") this.#nameEdits(key);
      return "done";
    } catch (error) {
      return this.#takeBack(key, change, error);
    }
  }

  /** What was changed about a task that was being made is kept under its id from now on. */
  #nameEdits(key: string): void {
    const { confirmed, pending } = this.#entries.find(key) ?? {};
    for (const change of pending ?? []) if (confirmed && isTyped(change)) this.#keepEdit(confirmed.id, change);
  }

  #callOf({ kind, changes, seen, idempotencyKey }: Change, key: string): Call {
    const { api } = this.#parts;
    switch (kind) {
      case "create":
        return () => api.create(changes as NewTask, idempotencyKey);
      case "update":
        if (seen !== undefined) return (id) => this.#updateIfUnchanged(key, id, changes, seen);
        return (id) => api.update(id, changes, { idempotencyKey });
      case "remove":
        return (id) => this.#remove(id);
      case "restore":
        return (id) => api.undelete(id);
    }
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

  async #remove(id: string): Promise<undefined> {
    try {
      await this.#parts.api.remove(id);
    } catch (error) {
      // Gone already is what was wanted.
      if (!isGone(error)) throw error;
    }
  }

  /** What was still to be typed into it is given up with it. */
  #putInTrash(key: string, change: Change): void {
    const edits = this.#entries.find(key)?.pending.filter(isTyped) ?? [];
    this.#forget(edits);
    const deleted_at = new Date(this.#parts.clock.now()).toISOString();
    this.#entries.replace(key, (entry) => ({
      ...entry,
      confirmed: entry.confirmed && { ...entry.confirmed, deleted_at },
      pending: entry.pending.filter((each) => each !== change && !edits.includes(each)),
      unsent: undefined,
    }));
  }

  #takeBack(key: string, change: Change, error: unknown): Outcome {
    if (error instanceof ConflictFound) return this.#ask(key, change, error.current);
    const { confirmed, pending = [] } = this.#entries.find(key) ?? {};
    const title = confirmed?.title ?? pending[0]?.changes.title ?? "";
    const failure = `“${title}” was not ${DONE[change.kind]}. ${reasonOf(error)}`;
    const isOver = isGone(error) && change.kind !== "create";
    if (isTyped(change) && !isOver) {
      if (isUndecided(error)) return this.#keepUnsent(key, change, "kept", `Not sent yet. ${reasonOf(error)}`);
      if (this.#kept.has(change)) return this.#keepUnsent(key, change, "refused", failure);
    }
    this.#forget(isOver ? pending : [change]);
    if (change.kind === "create") this.discard(key);
    else if (isOver) this.#entries.drop(key);
    else this.#entries.replace(key, (entry) => withoutPending(entry, change));
    const canRepeat = change.kind === "update" && !isTyped(change) && isUndecided(error);
    const again = { label: "Try again", run: () => void this.#change(key, change) };
    this.#parts.say(failure, canRepeat ? again : undefined);
    return isOver ? "done" : "refused";
  }

  /** Of what is given up nothing is left to another page. */
  #forget(changes: readonly Change[]): void {
    for (const { idempotencyKey } of changes) this.#parts.outbox.remove(idempotencyKey);
  }

  /** Until the user has decided, it is kept like what could not be sent. */
  #ask(key: string, change: Change, current: Task): Outcome {
    const { changes, idempotencyKey } = change;
    this.#entries.replace(key, (entry) => withoutPending(entry, change));
    this.#parts.onConflict({ key, changes, current, idempotencyKey });
    return "done";
  }

  #keepUnsent(key: string, change: Change, outcome: "kept" | "refused", why: string): Outcome {
    this.#kept.add(change);
    this.#entries.keepUnsent(key, outcome);
    this.#parts.say(why);
    return outcome;
  }

  #shown(key: string): ShownTask | undefined {
    const entry = this.#entries.find(key);
    return entry && shown(entry);
  }
}

function changeOf(kind: Change["kind"], changes: TaskChanges = {}): Change {
  return { kind, changes, idempotencyKey: newId() };
}

/** What would have to be typed again, if it got lost. */
function isTyped(change: Change): boolean {
  return change.kind === "create" || change.seen !== undefined;
}

/** Whether each field to change is what was seen, or what it is to become. */
function isAsSeen(current: Task, changes: TaskChanges, seen: TaskChanges): boolean {
  return (Object.keys(changes) as (keyof TaskChanges)[]).every((field) => {
    const now = JSON.stringify(current[field]);
    return now === JSON.stringify(seen[field]) || now === JSON.stringify(changes[field]);
  });
}
