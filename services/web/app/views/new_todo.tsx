// Where new todos are typed. Enter adds one; a pasted list becomes one todo a line.
import { useEffect, useRef } from "preact/hooks";
import type { TaskChanges } from "../api/task_api.ts";
import type { Drafts } from "../tasks/drafts.ts";
import type { TaskStore } from "../tasks/task_store.ts";

interface NewTodoProps {
  tasks: TaskStore;
  drafts: Drafts;
  /** What a todo gets from the view that it is typed into. */
  preset: TaskChanges;
}

export function NewTodo({ tasks, drafts, preset }: NewTodoProps) {
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => input.current?.focus(), []);

  const add = async (title: string) => {
    const added = await tasks.add({ ...preset, title });
    // What was refused is given back, unless something else was begun meanwhile.
    if (!added && drafts.newTitle.value === "") drafts.newTitle.value = title;
  };
  const addTyped = () => {
    const title = drafts.newTitle.value;
    drafts.newTitle.value = "";
    void add(title);
  };
  const paste = async (event: ClipboardEvent) => {
    const lines = (event.clipboardData?.getData("text/plain") ?? "").split(/\r\n|\r|\n/).map((line) => line.trim());
    const titles = lines.filter((line) => line !== "");
    if (titles.length < 2) return;
    event.preventDefault();
    // One after the other, so that they stay in their order.
    for (const title of titles) await add(title);
  };

  return (
    <input
      ref={input}
      class="new-todo"
      placeholder="What needs to be done?"
      aria-label="What needs to be done?"
      autocomplete="off"
      enterkeyhint="done"
      value={drafts.newTitle.value}
      onInput={(event) => {
        drafts.newTitle.value = event.currentTarget.value;
      }}
      onPaste={(event) => void paste(event)}
      onKeyDown={(event) => {
        // Enter that ends a composition, as in Japanese, is not meant for us.
        if (event.key === "Enter" && !event.isComposing) addTyped();
      }}
    />
  );
}
