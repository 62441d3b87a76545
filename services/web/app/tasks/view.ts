// What the page lists: a view, and within it the filter. Both are kept in the address after the #, so that they can be
// linked to, and the browser's way back works.
import { dueState } from "./due.ts";
import type { ShownTask } from "./entry.ts";

export const FILTERS = ["all", "active", "completed"] as const;
export type Filter = (typeof FILTERS)[number];

export type View =
  | { kind: "all" }
  | { kind: "today" }
  | { kind: "upcoming" }
  | { kind: "overdue" }
  | { kind: "list"; id: string }
  | { kind: "tag"; name: string }
  | { kind: "trash" };

export interface Place {
  view: View;
  filter: Filter;
}

export function placeOfHash(hash: string): Place {
  const parts = hash
    .replace(/^#\/?/, "")
    .split("/")
    .filter((part) => part !== "");
  const filter = FILTERS.find((each) => each === parts.at(-1)) ?? "all";
  const [kind, name] = parts;
  return { view: viewOf(kind, name === undefined ? undefined : decoded(name)), filter };
}

export function hashOf({ view, filter }: Place): string {
  const path = [...pathOf(view), ...(filter === "all" ? [] : [filter])];
  return `#/${path.join("/")}`;
}

/** Whether the order is the one that the user makes by hand. */
export function isManuallyOrdered(view: View): boolean {
  return view.kind === "all" || view.kind === "list" || view.kind === "tag";
}

export function passes(filter: Filter, task: Pick<ShownTask, "isCompleted">): boolean {
  return filter === "all" || task.isCompleted === (filter === "completed");
}

/** Whether the view holds the task; the trash holds none of these. */
export function holds(view: View, task: ShownTask, nowMs: number): boolean {
  switch (view.kind) {
    case "all":
      return true;
    case "today":
    case "upcoming":
      return dueState(task, nowMs) === view.kind || (view.kind === "today" && isDoneToday(task, nowMs));
    case "overdue":
      return !task.isCompleted && dueState(task, nowMs) === "overdue";
    case "list":
      return task.listId === view.id;
    case "tag":
      return task.tags.includes(view.name);
    case "trash":
      return false;
  }
}

/** The view's tasks, in its order: of days and then by hand, or by hand alone. */
export function tasksIn(view: View, tasks: readonly ShownTask[], nowMs: number): ShownTask[] {
  const held = tasks.filter((task) => holds(view, task, nowMs));
  return isManuallyOrdered(view) ? held : held.sort((a, b) => compare(dueKey(a), dueKey(b)));
}

/** A task with a time of day does not leave today's view because it was done later than that. */
function isDoneToday(task: ShownTask, nowMs: number): boolean {
  return task.isCompleted && dueState({ ...task, dueTime: undefined }, nowMs) === "today";
}

function dueKey(task: ShownTask): string {
  return `${task.dueDate ?? ""} ${task.dueTime ?? "99"}`;
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

function viewOf(kind: string | undefined, name: string | undefined): View {
  if (kind === "today" || kind === "upcoming" || kind === "overdue" || kind === "trash") return { kind };
  if (kind === "list" && name !== undefined) return { kind, id: name };
  if (kind === "tag" && name !== undefined) return { kind, name };
  return { kind: "all" };
}

function pathOf(view: View): string[] {
  switch (view.kind) {
    case "all":
      return [];
    case "list":
      return ["list", encodeURIComponent(view.id)];
    case "tag":
      return ["tag", encodeURIComponent(view.name)];
    default:
      return [view.kind];
  }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
