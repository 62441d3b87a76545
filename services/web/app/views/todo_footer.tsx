// How many are left, which are listed, and the broom.
import { FILTERS, type Filter, hashOf } from "../tasks/filter.ts";
import type { TaskStore } from "../tasks/task_store.ts";

const NAMES: Record<Filter, string> = { all: "All", active: "Active", completed: "Completed" };

export function TodoFooter({ tasks, filter }: { tasks: TaskStore; filter: Filter }) {
  const left = tasks.activeCount.value;
  return (
    <footer class="footer">
      <span class="todo-count" role="status">
        <strong>{left}</strong> {left === 1 ? "item" : "items"} left
      </span>
      <ul class="filters" aria-label="Show">
        {FILTERS.map((each) => (
          <li key={each}>
            <a
              href={hashOf(each)}
              class={each === filter ? "selected" : ""}
              aria-current={each === filter ? "page" : undefined}
            >
              {NAMES[each]}
            </a>
          </li>
        ))}
      </ul>
      {tasks.completedCount.value > 0 && (
        <button type="button" class="clear-completed" onClick={() => void tasks.clearCompleted()}>
          Clear completed
        </button>
      )}
    </footer>
  );
}
