// The todo list: its parts and the filter of the address.
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { AppState } from "../app_state.ts";
import { filterOfHash, passes } from "../tasks/filter.ts";
import type { TaskStore } from "../tasks/task_store.ts";
import { NewTodo } from "./new_todo.tsx";
import { TodoFooter } from "./todo_footer.tsx";
import { TodoItem } from "./todo_item.tsx";

export function TodoApp({ tasks, state }: { tasks: TaskStore; state: AppState }) {
  const filter = useSignal(filterOfHash(location.hash));
  useEffect(() => {
    const follow = () => {
      filter.value = filterOfHash(location.hash);
    };
    window.addEventListener("hashchange", follow);
    return () => window.removeEventListener("hashchange", follow);
  }, [filter]);

  const all = tasks.tasks.value;
  return (
    <section class="todoapp" aria-label="Your todos">
      <header class="header">
        <h1>todos</h1>
        <NewTodo tasks={tasks} drafts={state.drafts} />
      </header>
      {all.length > 0 && (
        <section class="main">
          <ToggleAll tasks={tasks} />
          <ul class="todo-list" aria-label="Todos">
            {all
              .filter((task) => passes(filter.value, task))
              .map((task) => (
                <TodoItem key={task.key} task={task} tasks={tasks} state={state} />
              ))}
          </ul>
        </section>
      )}
      <LoadNote tasks={tasks} />
      {all.length > 0 && <TodoFooter tasks={tasks} filter={filter.value} />}
    </section>
  );
}

function ToggleAll({ tasks }: { tasks: TaskStore }) {
  return (
    <div class="toggle-all-row">
      <input
        id="toggle-all"
        class="toggle-all"
        type="checkbox"
        checked={tasks.activeCount.value === 0}
        onChange={(event) => void tasks.setAllCompleted(event.currentTarget.checked)}
      />
      <label for="toggle-all">Mark all as complete</label>
    </div>
  );
}

function LoadNote({ tasks }: { tasks: TaskStore }) {
  switch (tasks.loadState.value) {
    case "loading":
      return (
        <p class="load-note" role="status">
          Loading your todos…
        </p>
      );
    case "failed":
      return (
        <p class="load-note">
          <button type="button" class="quiet" onClick={() => void tasks.load()}>
            Load your todos again
          </button>
        </p>
      );
    case "loaded":
      return tasks.tasks.value.length === 0 ? <p class="load-note">Nothing to do. Enjoy the quiet.</p> : null;
  }
}
