// How many are left, which are listed, and the broom.
import type { ShownTask } from "../tasks/entry.ts";
import type { TaskStore } from "../tasks/task_store.ts";
import { type Filter, FILTERS, hashOf, type Place } from "../tasks/view.ts";

const NAMES: Record<Filter, string> = { all: "All", active: "Active", completed: "Completed" };

interface TodoFooterProps {
  inView: readonly ShownTask[];
  tasks: TaskStore;
  place: Place;
}

export function TodoFooter({ inView, tasks, place }: TodoFooterProps) {
  const completed = inView.filter((task) => task.isCompleted);
  const left = inView.length - completed.length;
  return (
    <footer class="footer">
      <span class="todo-count" role="status">
        <strong>{left}</strong> {left === 1 ? "item" : "items"} left
      </span>
      <ul class="filters" aria-label="Show">
        {FILTERS.map((filter) => (
          <li key={filter}>
            <a
              href={hashOf({ ...place, filter })}
              class={filter === place.filter ? "selected" : ""}
              aria-current={filter === place.filter ? "true" : undefined}
            >
              {NAMES[filter]}
            </a>
          </li>
        ))}
      </ul>
      {completed.length > 0 && (
        <button
          type="button"
          class="clear-completed"
          onClick={() => void tasks.remove(completed.map((task) => task.key))}
        >
          Clear completed
        </button>
      )}
    </footer>
  );
}
