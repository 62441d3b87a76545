// The input in place of a title: Enter and leaving it save, Escape takes back.
import { useLayoutEffect, useRef } from "preact/hooks";
import type { AppState } from "../app_state.ts";
import { isKeyOf, type ShownTask } from "../tasks/entry.ts";
import type { TaskStore } from "../tasks/task_store.ts";

interface EditInputProps {
  task: ShownTask;
  tasks: TaskStore;
  state: AppState;
}

export function EditInput({ task, tasks, state }: EditInputProps) {
  const { drafts } = state;
  const input = useRef<HTMLInputElement>(null);
  useLayoutEffect(() => input.current?.focus(), []);

  const save = async () => {
    const draft = drafts.edit.value;
    // Taken back already, or the list goes away because the session has ended: then it is kept.
    if (draft === undefined || !isKeyOf(draft.key, task) || state.session.value.kind !== "signed_in") return;
    drafts.edit.value = undefined;
    const saved = await tasks.setTitle(task.key, draft.text, draft.seen.title);
    // What was refused is given back, unless something else was begun meanwhile.
    if (!saved) drafts.edit.value ??= draft;
  };

  return (
    <input
      ref={input}
      class="edit"
      aria-label={`New title for ${task.title}`}
      autocomplete="off"
      value={drafts.edit.value?.text ?? task.title}
      onInput={(event) => {
        const draft = drafts.edit.value;
        if (draft !== undefined) drafts.edit.value = { ...draft, text: event.currentTarget.value };
      }}
      onBlur={() => void save()}
      onKeyDown={(event) => {
        if (event.isComposing) return;
        if (event.key === "Enter") {
          // The focus moves on at once: the key must not press the button that gets it.
          event.preventDefault();
          void save();
        }
        if (event.key === "Escape") drafts.edit.value = undefined;
      }}
    />
  );
}
