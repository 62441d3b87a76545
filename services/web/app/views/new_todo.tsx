// Where a new todo is typed. Enter adds it.
import { useEffect, useRef } from "preact/hooks";
import type { Drafts } from "../tasks/drafts.ts";
import type { TaskStore } from "../tasks/task_store.ts";

export function NewTodo({ tasks, drafts }: { tasks: TaskStore; drafts: Drafts }) {
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => input.current?.focus(), []);

  const add = async () => {
    const title = drafts.newTitle.value;
    drafts.newTitle.value = "";
    const added = await tasks.add(title);
    // What could not be added is given back, unless something else was begun meanwhile.
    if (!added && drafts.newTitle.value === "") drafts.newTitle.value = title;
  };

  return (
    <input
      ref={input}
      class="new-todo"
      placeholder="What needs to be done?"
      aria-label="What needs to be done?"
      autocomplete="off"
      value={drafts.newTitle.value}
      onInput={(event) => {
        drafts.newTitle.value = event.currentTarget.value;
      }}
      onKeyDown={(event) => {
        // Enter that ends a composition, as in Japanese, is not meant for us.
        if (event.key === "Enter" && !event.isComposing) void add();
      }}
    />
  );
}
