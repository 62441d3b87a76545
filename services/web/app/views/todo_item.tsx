// One todo: shown, or being edited.
import { useEffect, useRef } from "preact/hooks";
import type { AppState } from "../app_state.ts";
import type { ShownTask } from "../tasks/entry.ts";
import type { TaskStore } from "../tasks/task_store.ts";
import { EditInput } from "./edit_input.tsx";
import { DeleteIcon, EditIcon } from "./icons.tsx";

interface TodoItemProps {
  task: ShownTask;
  tasks: TaskStore;
  state: AppState;
}

export function TodoItem({ task, tasks, state }: TodoItemProps) {
  const { drafts } = state;
  const editButton = useRef<HTMLButtonElement>(null);
  const editing = drafts.edit.value?.key === task.key;
  useFocusAfterEditing(editing, editButton);

  const edit = () => {
    drafts.edit.value = { key: task.key, title: task.title };
  };
  const classes = [task.isCompleted && "completed", editing && "editing"].filter(Boolean).join(" ");
  return (
    <li class={classes}>
      {editing ? (
        <EditInput task={task} tasks={tasks} state={state} />
      ) : (
        <div class="view">
          <input
            class="toggle"
            type="checkbox"
            aria-label={`Completed: ${task.title}`}
            checked={task.isCompleted}
            onChange={(event) => void tasks.setCompleted(task.key, event.currentTarget.checked)}
          />
          <label class="title" onDblClick={edit}>
            {task.title}
          </label>
          <button ref={editButton} type="button" class="edit-button" aria-label={`Edit ${task.title}`} onClick={edit}>
            <EditIcon />
          </button>
          <button
            type="button"
            class="destroy"
            aria-label={`Delete ${task.title}`}
            onClick={(event) => {
              focusNeighbour(event.currentTarget);
              void tasks.remove(task.key);
            }}
          >
            <DeleteIcon />
          </button>
        </div>
      )}
    </li>
  );
}

/** Without this the keyboard's place in the page is lost together with the input. */
function useFocusAfterEditing(editing: boolean, target: { current: HTMLElement | null }): void {
  const wasEditing = useRef(editing);
  useEffect(() => {
    const nothingElseFocused = document.activeElement === document.body;
    if (wasEditing.current && !editing && nothingElseFocused) target.current?.focus();
    wasEditing.current = editing;
  }, [editing, target]);
}

/** The item is about to go: the focus moves to the next one, else the one before, else to the input. */
function focusNeighbour(button: HTMLElement): void {
  const item = button.closest("li");
  const neighbour = item?.nextElementSibling ?? item?.previousElementSibling;
  const target = neighbour?.querySelector<HTMLElement>(".destroy");
  (target ?? document.querySelector<HTMLElement>(".new-todo"))?.focus();
}
