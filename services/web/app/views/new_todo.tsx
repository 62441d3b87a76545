// Where new todos are typed. Enter adds one; a pasted list becomes one todo a line.
import { useEffect, useRef } from "preact/hooks";
import type { TaskChanges } from "../api/task_api.ts";
import type { Say } from "../messages.ts";
import type { Drafts } from "../tasks/drafts.ts";
import type { TaskStore } from "../tasks/task_store.ts";

interface NewTodoProps {
  tasks: TaskStore;
  drafts: Drafts;
  /** What a todo gets from the view that it is typed into. */
  preset: TaskChanges;
  /** Whether the view will not show it. */
  goesElsewhere: boolean;
  say: Say;
}

const MAX_TITLE = 255;
const TOO_LONG = `A todo has at most ${MAX_TITLE} characters.`;

export function NewTodo({ tasks, drafts, preset, goesElsewhere, say }: NewTodoProps) {
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => input.current?.focus(), []);

  /** Resolves with false when it was refused. */
  const add = (title: string) => {
    if (goesElsewhere && title.trim() !== "") say(`“${title.trim()}” is among All todos.`);
    return tasks.add({ ...preset, title });
  };
  const giveBack = (titles: readonly string[]) => {
    drafts.newTitle.value = [drafts.newTitle.value, ...titles].filter((text) => text !== "").join(" ");
  };
  const addTyped = async () => {
    const title = drafts.newTitle.value;
    if (isTooLong(title)) return say(`${TOO_LONG} This one has ${lengthOf(title)}.`);
    drafts.newTitle.value = "";
    // What was refused is given back, unless something else was begun meanwhile.
    if (!(await add(title)) && drafts.newTitle.value === "") giveBack([title]);
  };
  const paste = async (event: ClipboardEvent) => {
    const lines = (event.clipboardData?.getData("text/plain") ?? "").split(/\r\n|\r|\n/).map((line) => line.trim());
    const titles = lines.filter((line) => line !== "");
    if (titles.length < 2) return;
    event.preventDefault();
    // What is too long is left in the input, to be made shorter.
    if (titles.some(isTooLong)) {
      giveBack(titles.filter(isTooLong));
      say(`${TOO_LONG} What is longer was not added.`);
    }
    // One after the other, so that they stay in their order.
    for (const title of titles) if (!isTooLong(title) && !(await add(title))) giveBack([title]);
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
        if (event.key === "Enter" && !event.isComposing) void addTyped();
      }}
    />
  );
}

/** In characters as people count them, and as the server does. */
function lengthOf(title: string): number {
  return Array.from(title.trim()).length;
}

function isTooLong(title: string): boolean {
  return lengthOf(title) > MAX_TITLE;
}
