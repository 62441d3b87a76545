// Asks whose change is to stay, where a todo was changed elsewhere while it was changed here.
import { useEffect, useRef } from "preact/hooks";
import type { TaskChanges } from "../api/task_api.ts";
import type { AppState } from "../app_state.ts";
import type { Workspace } from "../workspace.ts";

const NAMES: Partial<Record<keyof TaskChanges, string>> = {
  title: "Title",
  description: "Notes",
  priority: "Priority",
  due_date: "Due date",
  due_time: "Due time",
  time_zone: "Time zone",
  tags: "Tags",
  list_id: "List",
};

export function ConflictDialog({ state, workspace }: { state: AppState; workspace: Workspace }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [conflict] = workspace.conflicts.value;
  useEffect(() => {
    if (conflict !== undefined && dialog.current?.open === false) dialog.current.showModal();
  }, [conflict]);
  if (conflict === undefined) return null;

  const { changes, current } = conflict;
  const fields = Object.keys(changes) as (keyof TaskChanges)[];
  const lists = workspace.lists.lists.value;
  const text = (field: keyof TaskChanges, value: unknown) =>
    field === "list_id" ? (lists.find((list) => list.id === value)?.name ?? "") : textOf(value);
  const decide = (event: MouseEvent, keeps: "mine" | "theirs") => {
    // The second click of a double click is not meant for the next question.
    if (event.detail > 1) return;
    workspace.conflicts.value = workspace.conflicts.value.slice(1);
    workspace.tasks.decide(conflict, keeps);
    if (keeps === "theirs") state.messages.show("The change from elsewhere was kept.");
  };
  return (
    <dialog
      ref={dialog}
      class="conflict"
      aria-labelledby="conflict-title"
      onCancel={(event) => {
        // What was typed must not get lost by a slip: one of the two is to be chosen.
        event.preventDefault();
      }}
      // Browsers close it all the same when Escape is pressed twice.
      onClose={(event) => event.currentTarget.showModal()}
    >
      <h2 id="conflict-title">This todo was changed elsewhere</h2>
      <p>While you changed “{current.title}” here, it was changed in another place too. Which one is to stay?</p>
      {fields.map((field) => (
        <dl key={field}>
          <dt>{NAMES[field] ?? field}, yours</dt>
          <dd class="mine">{text(field, changes[field])}</dd>
          <dt>{NAMES[field] ?? field}, from elsewhere</dt>
          <dd class="theirs">{text(field, current[field])}</dd>
        </dl>
      ))}
      <div class="choices">
        <button type="button" class="primary" onClick={(event) => decide(event, "mine")}>
          Keep mine
        </button>
        <button type="button" class="quiet" onClick={(event) => decide(event, "theirs")}>
          Keep the other
        </button>
      </div>
    </dialog>
  );
}

function textOf(value: unknown): string {
  if (Array.isArray(value)) return value.join(", ") || "none";
  return typeof value === "string" && value !== "" ? value : "none";
}
