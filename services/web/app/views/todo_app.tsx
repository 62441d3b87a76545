// The todos of one view.
import { useComputed, useSignal, type ReadonlySignal } from "@preact/signals";
import type { VNode } from "preact";
import { useEffect, useMemo } from "preact/hooks";
import type { TaskList } from "../api/list_api.ts";
import type { TaskChanges } from "../api/task_api.ts";
import type { AppState } from "../app_state.ts";
import { dayAfter, localMoment } from "../tasks/due.ts";
import type { ShownTask } from "../tasks/entry.ts";
import { matcher } from "../tasks/search.ts";
import { hashOf, isManuallyOrdered, passes, type Place, tasksIn, type View } from "../tasks/view.ts";
import type { Workspace } from "../workspace.ts";
import { Empty } from "./empty.tsx";
import { Icon, type IconName } from "./icons.tsx";
import { useSteps } from "./in_steps.ts";
import { ListTitle } from "./list_title.tsx";
import { LoadNote } from "./load_note.tsx";
import { NewTodo } from "./new_todo.tsx";
import { useReordering } from "./reordering.ts";
import { TodoFooter } from "./todo_footer.tsx";
import { TodoItem } from "./todo_item.tsx";

interface TodoAppProps {
  state: AppState;
  workspace: Workspace;
  place: Place;
}

export function TodoApp({ state, workspace, place }: TodoAppProps) {
  const { tasks } = workspace;
  const query = useSignal("");
  const openKey = useSignal(openAtFirst(state));
  const isSearching = query.value.trim() !== "";
  const view: View = isSearching ? { kind: "all" } : place.view;
  const inView = found(tasksIn(view, tasks.tasks.value, workspace.now.value), query);
  const listed = inView.filter((task) => passes(place.filter, task));
  const reordering = useReordering(tasks, listed, state.messages.show);
  const isMovable = isManuallyOrdered(view) && !isSearching;
  const drawn = useSteps(listed.length, `${hashOf(place)} ${query.value}`);
  const showsList = view.kind !== "list";
  const itemOf = useItems(
    (task) => (
      <TodoItem
        key={task.key}
        task={task}
        state={state}
        workspace={workspace}
        openKey={openKey}
        showsList={showsList}
        reordering={reordering}
      />
    ),
    [state, workspace, openKey, showsList, reordering],
  );
  const title = isSearching ? "Search" : titleOf(view, workspace.lists.lists.value);
  useTitle(title);

  return (
    <section class="todoapp" aria-label={title}>
      <header class="header">
        <div class="title-row">
          <ListTitle view={view} title={title} workspace={workspace} />
          <Search query={query} />
        </div>
        <Subtitle view={view} workspace={workspace} />
        <NewTodo
          tasks={tasks}
          drafts={state.drafts}
          preset={presetOf(view, workspace.now.value)}
          goesElsewhere={isSearching || view.kind === "overdue" || place.filter === "completed"}
          say={state.messages.show}
        />
      </header>
      {inView.length > 0 && (
        <section class={isMovable ? "main" : "main fixed-order"}>
          <ToggleAll inView={inView} workspace={workspace} />
          <ul class="todo-list" aria-label="Todos">
            {listed.slice(0, drawn).map(itemOf)}
          </ul>
        </section>
      )}
      <Note workspace={workspace} isEmpty={inView.length === 0} view={view} isSearching={isSearching} />
      {inView.length > 0 && <TodoFooter inView={inView} tasks={tasks} place={place} />}
    </section>
  );
}

/**
 * The same element for the same task, until what goes into all elements changes: Preact passes over it, so that a change
 * of one todo costs what one todo costs.
 */
function useItems(make: (task: ShownTask) => VNode, parts: readonly unknown[]): (task: ShownTask) => VNode {
  return useMemo(() => {
    const made = new WeakMap<ShownTask, VNode>();
    return (task) => {
      const item = made.get(task) ?? make(task);
      made.set(task, item);
      return item;
    };
  }, parts);
}

/** The todo whose details were being typed when the session ended or the page was left. */
function openAtFirst({ drafts }: AppState): string | undefined {
  const draft = drafts.edit.peek();
  return draft?.place === "details" ? draft.key : undefined;
}

function found(tasks: readonly ShownTask[], query: ReadonlySignal<string>): readonly ShownTask[] {
  if (query.value.trim() === "") return tasks;
  const matches = matcher(query.value);
  return tasks.filter((task) => matches(task.title, task.description));
}

function titleOf(view: View, lists: readonly TaskList[]): string {
  switch (view.kind) {
    case "list":
      return lists.find((list) => list.id === view.id)?.name ?? "List";
    case "tag":
      return `#${view.name}`;
    case "all":
      return "All todos";
    default:
      return view.kind.charAt(0).toUpperCase() + view.kind.slice(1);
  }
}

/** What is typed into a view belongs there. */
function presetOf(view: View, nowMs: number): TaskChanges {
  const today = localMoment(nowMs).date;
  if (view.kind === "today") return { due_date: today };
  if (view.kind === "upcoming") return { due_date: dayAfter(today) };
  if (view.kind === "list") return { list_id: view.id };
  if (view.kind === "tag") return { tags: [view.name] };
  return {};
}

function useTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} – todos`;
  }, [title]);
}

function Subtitle({ view, workspace }: { view: View; workspace: Workspace }) {
  const day = useComputed(() => workspace.now.value);
  if (view.kind !== "today") return null;
  const format = new Intl.DateTimeFormat(undefined, { weekday: "long", day: "numeric", month: "long" });
  return <p class="subtitle">{format.format(day.value)}</p>;
}

function Search({ query }: { query: { value: string } }) {
  return (
    <div class="search">
      <Icon name="search" />
      <input
        type="search"
        aria-label="Search"
        placeholder="Search"
        value={query.value}
        onInput={(event) => {
          query.value = event.currentTarget.value;
        }}
        onKeyDown={(event) => {
          if (event.key === "Escape") query.value = "";
        }}
      />
    </div>
  );
}

function ToggleAll({ inView, workspace }: { inView: readonly ShownTask[]; workspace: Workspace }) {
  const keys = inView.filter((task) => !task.isUnsent).map((task) => task.key);
  return (
    <div class="toggle-all-row">
      <input
        id="toggle-all"
        class="toggle-all"
        type="checkbox"
        checked={inView.every((task) => task.isCompleted)}
        onChange={(event) => void workspace.tasks.setAllCompleted(keys, event.currentTarget.checked)}
      />
      <label for="toggle-all">Mark all as complete</label>
    </div>
  );
}

interface NoteProps {
  workspace: Workspace;
  isEmpty: boolean;
  view: View;
  isSearching: boolean;
}

function Note({ workspace, isEmpty, view, isSearching }: NoteProps) {
  return (
    <LoadNote loadState={workspace.tasks.loadState.value} what="todos" onRetry={() => void workspace.load()}>
      {isEmpty && <Empty {...emptyNote(view, isSearching)} />}
    </LoadNote>
  );
}

function emptyNote(view: View, isSearching: boolean): { icon: IconName; title: string; hint: string } {
  if (isSearching) return { icon: "search", title: "Nothing matches.", hint: "Try the beginning of another word." };
  switch (view.kind) {
    case "today":
      return { icon: "today", title: "Nothing is due today.", hint: "What you add here is due today." };
    case "upcoming":
      return { icon: "upcoming", title: "Nothing is planned.", hint: "What you add here is due tomorrow." };
    case "overdue":
      return { icon: "done", title: "Nothing is late.", hint: "Well done." };
    case "all":
      return { icon: "done", title: "Nothing to do.", hint: "Add what is on your mind, or enjoy the quiet." };
    case "tag":
      return { icon: "tag", title: "Nothing has this tag yet.", hint: "What you add here gets it." };
    default:
      return { icon: "list", title: "This list is empty.", hint: "What you add here goes into it." };
  }
}
