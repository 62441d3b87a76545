// Moves todos by hand: with the pointer at a handle, or with the arrow keys on it.
import { type Signal, signal } from "@preact/signals";
import { useMemo, useRef } from "preact/hooks";
import type { Say } from "../messages.ts";
import type { ShownTask } from "../tasks/entry.ts";
import type { TaskStore } from "../tasks/task_store.ts";

/** Where a dragged todo would go: ahead of or behind the one with this key. */
export interface DropPlace {
  key: string;
  side: "ahead" | "behind";
}

export interface Reordering {
  dragged: Signal<string | undefined>;
  drop: Signal<DropPlace | undefined>;
  onPointerDown(event: PointerEvent, key: string): void;
  onKeyDown(event: KeyboardEvent, key: string): void;
}

/** The same object for as long as the tasks are those of one user; it goes by the list as it was shown last. */
export function useReordering(tasks: TaskStore, listed: readonly ShownTask[], say: Say): Reordering {
  const latest = useRef(listed);
  latest.current = listed;
  return useMemo(() => makeReordering(tasks, () => latest.current, say), [tasks, say]);
}

function makeReordering(tasks: TaskStore, shownNow: () => readonly ShownTask[], say: Say): Reordering {
  const dragged = signal<string | undefined>(undefined);
  const drop = signal<DropPlace | undefined>(undefined);

  /** `to` counts in the list without the todo itself. */
  const moveTo = (key: string, to: number) => {
    const listed = shownNow();
    const task = listed.find((each) => each.key === key);
    const others = listed.filter((each) => each.key !== key);
    if (task === undefined || to < 0 || to > others.length || listed.indexOf(task) === to) return;
    say(`“${task.title}” moved to place ${to + 1} of ${listed.length}.`);
    void tasks.move(key, others[to - 1], others[to]);
  };

  const finish = (key: string) => {
    const place = drop.value;
    dragged.value = undefined;
    drop.value = undefined;
    if (place === undefined) return;
    const at = shownNow()
      .filter((each) => each.key !== key)
      .findIndex((each) => each.key === place.key);
    if (at >= 0) moveTo(key, place.side === "ahead" ? at : at + 1);
  };

  const onPointerDown = (event: PointerEvent, key: string) => {
    if (event.button !== 0) return;
    const handle = event.currentTarget as HTMLElement;
    handle.setPointerCapture(event.pointerId);
    dragged.value = key;
    const follow = (moved: PointerEvent) => {
      drop.value = placeAt(moved.clientY, key);
    };
    const end = (ended: PointerEvent) => {
      handle.removeEventListener("pointermove", follow);
      if (ended.type === "pointercancel") drop.value = undefined;
      finish(key);
    };
    handle.addEventListener("pointermove", follow);
    for (const type of ["pointerup", "pointercancel"] as const) {
      handle.addEventListener(type, end, { once: true });
    }
  };

  const onKeyDown = (event: KeyboardEvent, key: string) => {
    const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    moveTo(key, shownNow().findIndex((each) => each.key === key) + by);
  };

  return { dragged, drop, onPointerDown, onKeyDown };
}

function placeAt(y: number, key: string): DropPlace | undefined {
  const items = [...document.querySelectorAll<HTMLElement>(".todo-list > li")].filter(
    (item) => item.dataset.key !== key,
  );
  const next = items.find((item) => {
    const { top, height } = item.getBoundingClientRect();
    return y < top + height / 2;
  });
  const last = items.at(-1);
  if (next?.dataset.key !== undefined) return { key: next.dataset.key, side: "ahead" };
  return last?.dataset.key === undefined ? undefined : { key: last.dataset.key, side: "behind" };
}
