// One task as this tab knows it: what the server has confirmed, and the changes on their way. What is shown is the one
// with the others applied. To roll back is to drop a change. Pure.
import { PRIORITIES, type Priority, type Task, type TaskChanges } from "../api/task_api.ts";

export interface Change {
  readonly kind: "create" | "update" | "remove" | "restore";
  readonly changes: TaskChanges;
  /** The fields as the user saw them: such a change is not made where they have become something else. */
  readonly seen?: TaskChanges;
  /** Makes it safe to send again, and names it in the outbox. */
  readonly idempotencyKey: string;
}

export interface Entry {
  /** Stays the same when a new task gets its id, so that its element stays too. */
  readonly key: string;
  readonly confirmed: Task | undefined;
  readonly pending: readonly Change[];
  /** What is pending could not be sent, or was refused after that, and waits until it is sent again. */
  readonly unsent?: "kept" | "refused" | undefined;
}

export interface ShownTask {
  key: string;
  title: string;
  description: string;
  isCompleted: boolean;
  priority: Priority;
  dueDate: string | undefined;
  dueTime: string | undefined;
  timeZone: string | undefined;
  tags: readonly string[];
  listId: string | undefined;
  /** Empty until the server has given one. */
  position: string;
  isUnsent: boolean;
  isDeleted: boolean;
  deletedAt: string | undefined;
  /** What the server has confirmed, to compare with. */
  confirmed: Task | undefined;
}

export function confirmedEntry(task: Task): Entry {
  return { key: task.id, confirmed: task, pending: [] };
}

const cache = new WeakMap<Entry, { task: ShownTask | undefined }>();

/** Undefined when there is nothing to show. The same entry gives the same object, so that views can tell what changed. */
export function shown(entry: Entry): ShownTask | undefined {
  let known = cache.get(entry);
  if (known === undefined) {
    known = { task: show(entry) };
    cache.set(entry, known);
  }
  return known.task;
}

function show(entry: Entry): ShownTask | undefined {
  const { confirmed, pending } = entry;
  if (confirmed === undefined && pending.length === 0) return undefined;
  const task: Partial<Task> = pending.reduce((state, { changes }) => ({ ...state, ...changes }), confirmed ?? {});
  const lastMove = pending.filter(({ kind }) => kind === "remove" || kind === "restore").at(-1)?.kind;
  return {
    key: entry.key,
    title: task.title ?? "",
    description: task.description ?? "",
    isCompleted: task.is_completed ?? false,
    priority: PRIORITIES.find((priority) => priority === task.priority) ?? "Medium",
    dueDate: task.due_date ?? undefined,
    dueTime: task.due_time ?? undefined,
    timeZone: task.time_zone ?? undefined,
    tags: task.tags ?? [],
    listId: task.list_id ?? undefined,
    position: task.position ?? "",
    isUnsent: entry.unsent !== undefined,
    isDeleted: lastMove === undefined ? typeof task.deleted_at === "string" : lastMove === "remove",
    deletedAt: task.deleted_at ?? undefined,
    confirmed,
  };
}

/** Whether a key means this task: one that was taken before it had its id, or its id, which another page knew. */
export function isKeyOf(key: string | undefined, task: Pick<ShownTask, "key" | "confirmed">): boolean {
  return key !== undefined && (key === task.key || key === task.confirmed?.id);
}

export function withPending(entry: Entry, change: Change): Entry {
  return { ...entry, pending: [...entry.pending, change] };
}

export function withoutPending(entry: Entry, change: Change, confirmed = entry.confirmed): Entry {
  return { ...entry, confirmed, pending: entry.pending.filter((each) => each !== change) };
}

/** Whether `a` is the older state of a task: instants of RFC 3339 in UTC, whose fractions differ in length. */
export function isOlder(a: Pick<Task, "updated_at">, b: Pick<Task, "updated_at">): boolean {
  return sortable(a.updated_at) < sortable(b.updated_at);
}

/** By the manual order; what has no place in it yet comes last, in the order in which it came. */
export function byPosition(a: ShownTask, b: ShownTask): number {
  if (a.position === b.position) return 0;
  if (a.position === "") return 1;
  if (b.position === "") return -1;
  return a.position < b.position ? -1 : 1;
}

function sortable(instant: string | null): string {
  const [seconds = "", fraction = ""] = (instant ?? "").replace("Z", "").split(".");
  return `${seconds}.${fraction.padEnd(9, "0")}`;
}
