// Which tasks are listed; kept in the address after the #, so that it can be linked to.
import type { ShownTask } from "./entry.ts";

export const FILTERS = ["all", "active", "completed"] as const;
export type Filter = (typeof FILTERS)[number];

export function filterOfHash(hash: string): Filter {
  const name = hash.replace(/^#\/?/, "");
  return FILTERS.find((filter) => filter === name) ?? "all";
}

export function hashOf(filter: Filter): string {
  return filter === "all" ? "#/" : `#/${filter}`;
}

export function passes(filter: Filter, task: ShownTask): boolean {
  if (filter === "all") return true;
  return task.isCompleted === (filter === "completed");
}
