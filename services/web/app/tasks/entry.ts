// One task as this tab knows it: what the server has confirmed, and the changes on their way.
// What is shown is the one with the others applied. To roll back is to drop a change. Pure.
import type { Task, TaskChanges } from "../api/task_api.ts";

export interface Change {
  readonly kind: "create" | "update" | "remove";
  readonly changes: TaskChanges;
}

export interface Entry {
  /** Stays the same when a new task gets its id, so that its element stays too. */
  readonly key: string;
  readonly confirmed: Task | undefined;
  readonly pending: readonly Change[];
}

export interface ShownTask {
  key: string;
  title: string;
  isCompleted: boolean;
}

export function confirmedEntry(task: Task): Entry {
  return { key: task.id, confirmed: task, pending: [] };
}

/** Undefined when there is nothing to show: removed, or about to be. */
export function shown(entry: Entry): ShownTask | undefined {
  if (entry.pending.some((change) => change.kind === "remove")) return undefined;
  if (entry.confirmed === undefined && entry.pending.length === 0) return undefined;
  const base = { title: entry.confirmed?.title ?? "", is_completed: entry.confirmed?.is_completed ?? false };
  const task = entry.pending.reduce((state, change) => ({ ...state, ...change.changes }), base);
  return { key: entry.key, title: task.title, isCompleted: task.is_completed };
}

export function withPending(entry: Entry, change: Change): Entry {
  return { ...entry, pending: [...entry.pending, change] };
}

export function withoutPending(entry: Entry, change: Change, confirmed = entry.confirmed): Entry {
  return { ...entry, confirmed, pending: entry.pending.filter((each) => each !== change) };
}
