// All fields of one todo. Each is saved when it is left; Escape closes.
import type { Signal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { PRIORITIES, type Priority, type TaskChanges } from "../api/task_api.ts";
import type { AppState } from "../app_state.ts";
import type { TypedField } from "../tasks/drafts.ts";
import { isKeyOf, type ShownTask } from "../tasks/entry.ts";
import type { Workspace } from "../workspace.ts";

interface TodoDetailsProps {
  task: ShownTask;
  draftKey: string;
  state: AppState;
  workspace: Workspace;
  openKey: Signal<string | undefined>;
}

/** Resolves with false when the change was refused. */
type Save = (changes: TaskChanges, seen?: TaskChanges) => Promise<boolean>;

export function TodoDetails({ task, draftKey, state, workspace, openKey }: TodoDetailsProps) {
  const form = useRef<HTMLFormElement>(null);
  useLayoutEffect(() => form.current?.querySelector("input")?.focus(), []);

  const save: Save = async (changes, seen = fieldsOf(task)) => {
    const known = fieldsOf(task);
    const fields = (Object.keys(changes) as (keyof TaskChanges)[]).filter(
      (field) => JSON.stringify(changes[field]) !== JSON.stringify(known[field]),
    );
    const different = Object.fromEntries(fields.map((field) => [field, changes[field]]));
    return fields.length === 0 || workspace.tasks.edit(task.key, different, { ...known, ...seen });
  };
  const close = () => {
    // The field that has the focus is left, and so is saved.
    if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
    openKey.value = undefined;
  };
  const typed = { task, draftKey, state, save };

  return (
    <form
      ref={form}
      class="details"
      aria-label={`Details of ${task.title}`}
      onSubmit={(event) => {
        event.preventDefault();
        close();
      }}
      onKeyDown={(event) => {
        if (event.key === "Escape" && !event.isComposing) close();
      }}
    >
      <Field label="Title" wide>
        <Typed {...typed} field="title" />
      </Field>
      <Field label="Notes" wide>
        <Typed {...typed} field="description" />
      </Field>
      <DueFields task={task} save={save} />
      <Field label="Priority">
        <select
          value={task.priority}
          onChange={(event) => void save({ priority: event.currentTarget.value as Priority })}
        >
          {PRIORITIES.map((priority) => (
            <option key={priority}>{priority}</option>
          ))}
        </select>
      </Field>
      <Field label="List">
        <select
          value={task.listId ?? ""}
          onChange={(event) => void save({ list_id: event.currentTarget.value || null })}
        >
          <option value="">None</option>
          {workspace.lists.lists.value.map((list) => (
            <option key={list.id} value={list.id}>
              {list.name}
            </option>
          ))}
        </select>
      </Field>
      <Field label="Tags, separated by commas" wide>
        <Typed {...typed} field="tags" />
      </Field>
      <button type="submit" class="primary">
        Done
      </button>
    </form>
  );
}

interface TypedProps {
  task: ShownTask;
  draftKey: string;
  state: AppState;
  save: Save;
  field: TypedField;
}

/** A field that is typed: a draft until it is left, so that neither a reload nor the end of a session takes it along. */
function Typed({ task, draftKey, state, save, field }: TypedProps) {
  const { drafts } = state;
  const known = fieldsOf(task);
  const draft = drafts.edit.value;
  const isMine = draft?.place === "details" && draft.field === field && isKeyOf(draft.key, task);
  const props = {
    value: isMine ? draft.text : textOf(known, field),
    onInput: (event: { currentTarget: { value: string } }) => {
      const seen = isMine ? draft.seen : known;
      drafts.edit.value = { key: draftKey, place: "details", field, text: event.currentTarget.value, seen };
    },
    onBlur: async () => {
      const left = drafts.edit.peek();
      if (!isMine || left === undefined || state.session.peek().kind !== "signed_in") return;
      drafts.edit.value = undefined;
      const changes = changesOf(field, left.text);
      if (changes.title === "" || (await save(changes, left.seen))) return;
      // What was refused is given back, unless something else was begun meanwhile.
      drafts.edit.value ??= left;
    },
  };
  if (field === "description") return <textarea rows={3} {...props} />;
  return <input autocomplete="off" {...props} />;
}

function DueFields({ task, save }: { task: ShownTask; save: Save }) {
  const saveDate = (date: string) =>
    save(date === "" ? { due_date: null, due_time: null, time_zone: null } : { due_date: date });
  // Keyed by what they hold: a change from elsewhere replaces them, and a date that is half typed stays otherwise.
  return (
    <>
      <Field label="Due date">
        <input
          key={task.dueDate}
          type="date"
          defaultValue={task.dueDate ?? ""}
          onBlur={(event) => void saveDate(event.currentTarget.value)}
        />
      </Field>
      <Field label="Due time">
        <input
          key={task.dueTime}
          type="time"
          defaultValue={task.dueTime ?? ""}
          disabled={task.dueDate === undefined}
          onBlur={(event) => void save({ due_time: event.currentTarget.value || null })}
        />
      </Field>
    </>
  );
}

function Field({ label, wide, children }: { label: string; wide?: boolean; children: ComponentChildren }) {
  return (
    <label class={wide ? "field wide" : "field"}>
      <span>{label}</span>
      {children}
    </label>
  );
}

function fieldsOf(task: ShownTask): TaskChanges {
  return {
    title: task.title,
    description: task.description || null,
    priority: task.priority,
    due_date: task.dueDate ?? null,
    due_time: task.dueTime ?? null,
    time_zone: task.timeZone ?? null,
    tags: [...task.tags],
    list_id: task.listId ?? null,
  };
}

function textOf(fields: TaskChanges, field: TypedField): string {
  return field === "tags" ? (fields.tags ?? []).join(", ") : (fields[field] ?? "");
}

function changesOf(field: TypedField, text: string): TaskChanges {
  if (field === "title") return { title: text.trim() };
  if (field === "description") return { description: text.trim() || null };
  const tags = text.split(",").map((tag) => tag.trim().replace(/^#/, ""));
  return { tags: [...new Set(tags.filter((tag) => tag !== ""))] };
}
