// One todo: shown, being edited in place, or opened with all its fields.
import { type Signal, useComputed } from "@preact/signals";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import type { AppState } from "../app_state.ts";
import { isKeyOf, type ShownTask } from "../tasks/entry.ts";
import type { Workspace } from "../workspace.ts";
import { EditInput } from "./edit_input.tsx";
import { Icon } from "./icons.tsx";
import type { Reordering } from "./reordering.ts";
import { TodoDetails } from "./todo_details.tsx";
import { TodoMeta } from "./todo_meta.tsx";

interface TodoItemProps {
  task: ShownTask;
  state: AppState;
  workspace: Workspace;
  openKey: Signal<string | undefined>;
  showsList: boolean;
  reordering: Reordering;
}

export function TodoItem(props: TodoItemProps) {
  const { task, state, workspace, openKey, showsList, reordering } = props;
  const { drafts } = state;
  const item = useRef<HTMLLIElement>(null);
  const draftKey = task.confirmed?.id ?? task.key;
  // Each by a signal of its own: what is told to one item is not told to all.
  const isEditing = useComputed(() => {
    const draft = drafts.edit.value;
    return draft?.place === "row" && isKeyOf(draft.key, task);
  }).value;
  const isOpen = useComputed(() => isKeyOf(openKey.value, task)).value;
  useEffect(() => {
    // The task has got its id, which the next page knows it by.
    const draft = drafts.edit.peek();
    if (draft?.key === task.key) drafts.edit.value = { ...draft, key: draftKey };
  }, [drafts, draftKey, task.key]);
  useFocusAfter(isEditing || isOpen, item);

  const isDragged = useComputed(() => reordering.dragged.value === task.key).value;
  const drop = useComputed(() => (reordering.drop.value?.key === task.key ? reordering.drop.value.side : "")).value;
  const classes = [
    task.isCompleted && "completed",
    isEditing && "editing",
    isOpen && "open",
    task.isUnsent && "unsent",
    isDragged && "dragged",
    drop !== "" && `drop-${drop}`,
  ];
  return (
    <li ref={item} data-key={task.key} class={classes.filter(Boolean).join(" ")}>
      {isEditing ? (
        <>
          <EditInput task={task} tasks={workspace.tasks} state={state} />
          <TodoMeta task={task} lists={workspace.lists.lists.value} now={workspace.now.value} showsList={showsList} />
        </>
      ) : (
        <View {...props} draftKey={draftKey} isOpen={isOpen} />
      )}
      {isOpen && !isEditing && (
        <TodoDetails task={task} draftKey={draftKey} state={state} workspace={workspace} openKey={openKey} />
      )}
    </li>
  );
}

function View({
  task,
  state,
  workspace,
  openKey,
  showsList,
  reordering,
  draftKey,
  isOpen,
}: TodoItemProps & {
  draftKey: string;
  isOpen: boolean;
}) {
  const { tasks } = workspace;
  const isUnsentEdit = task.isUnsent && task.confirmed !== undefined;
  const edit = () => {
    if (task.isUnsent) return;
    const { title } = task;
    state.drafts.edit.value = { key: draftKey, place: "row", field: "title", text: title, seen: { title } };
  };
  return (
    <div class="view">
      {!task.isUnsent && (
        <button
          type="button"
          class="grip"
          aria-label={`Move ${task.title}: arrow keys, or drag`}
          onPointerDown={(event) => reordering.onPointerDown(event, task.key)}
          onKeyDown={(event) => reordering.onKeyDown(event, task.key)}
        >
          <Icon name="grip" />
        </button>
      )}
      <input
        class={`toggle priority-${task.priority.toLowerCase()}`}
        type="checkbox"
        aria-label={`Completed: ${task.title}`}
        checked={task.isCompleted}
        disabled={task.isUnsent}
        onChange={(event) => void tasks.setCompleted(task.key, event.currentTarget.checked)}
      />
      <div class="what">
        <label class="title" onDblClick={edit}>
          {task.title}
        </label>
        <TodoMeta task={task} lists={workspace.lists.lists.value} now={workspace.now.value} showsList={showsList} />
      </div>
      {task.isUnsent ? (
        <button type="button" class="quiet" onClick={() => void tasks.sendAgain(task.key)}>
          Send again
        </button>
      ) : (
        <button
          type="button"
          class="icon-button edit-button"
          aria-label={`Edit ${task.title}`}
          aria-expanded={isOpen}
          onClick={() => {
            openKey.value = isOpen ? undefined : draftKey;
          }}
        >
          <Icon name="edit" />
        </button>
      )}
      <button
        type="button"
        class="icon-button destroy"
        aria-label={isUnsentEdit ? `Take back the change of ${task.title}` : `Delete ${task.title}`}
        onClick={(event) => {
          if (isUnsentEdit) return tasks.discard(task.key);
          focusNeighbour(event.currentTarget);
          void tasks.remove([task.key]);
        }}
      >
        <Icon name="delete" />
      </button>
    </div>
  );
}

/** Without this the keyboard's place in the page is lost together with the input. */
function useFocusAfter(isActive: boolean, item: { current: HTMLElement | null }): void {
  const wasActive = useRef(isActive);
  // Before anything is painted: a key that is pressed next must find its place.
  useLayoutEffect(() => {
    const nothingElseFocused = document.activeElement === document.body;
    if (wasActive.current && !isActive && nothingElseFocused) {
      item.current?.querySelector<HTMLElement>(".edit-button")?.focus();
    }
    wasActive.current = isActive;
  }, [isActive, item]);
}

/** The item is about to go: the focus moves to the next one, else the one before, else to the input. */
function focusNeighbour(button: HTMLElement): void {
  const item = button.closest("li");
  const neighbour = item?.nextElementSibling ?? item?.previousElementSibling;
  const target = neighbour?.querySelector<HTMLElement>(".destroy");
  (target ?? document.querySelector<HTMLElement>(".new-todo"))?.focus();
}
