// Where one can go: the views, the lists, the tags, the trash; and who is signed in.
import { useComputed, useSignal } from "@preact/signals";
import type { User } from "../account/session.ts";
import type { AppState } from "../app_state.ts";
import type { ShownTask } from "../tasks/entry.ts";
import { hashOf, holds, type Place, type View } from "../tasks/view.ts";
import { THEMES, type ThemeName } from "../theme.ts";
import type { Workspace } from "../workspace.ts";
import { Icon, type IconName } from "./icons.tsx";

interface SidebarProps {
  state: AppState;
  workspace: Workspace;
  user: User;
  place: Place;
}

const FIXED: readonly { view: View; name: string; icon: IconName }[] = [
  { view: { kind: "all" }, name: "All todos", icon: "all" },
  { view: { kind: "today" }, name: "Today", icon: "today" },
  { view: { kind: "upcoming" }, name: "Upcoming", icon: "upcoming" },
  { view: { kind: "overdue" }, name: "Overdue", icon: "overdue" },
];

export function Sidebar({ state, workspace, user, place }: SidebarProps) {
  const pending = useComputed(() => workspace.tasks.tasks.value.filter((task) => !task.isCompleted));
  const tags = useComputed(() => tagsOf(workspace.tasks.tasks.value));
  const link = (view: View, name: string, icon: IconName) => (
    <ViewLink
      key={hashOf({ view, filter: "all" })}
      view={view}
      name={name}
      icon={icon}
      place={place}
      count={countOf(view, pending.value, workspace.now.value)}
    />
  );
  return (
    <nav id="sidebar" class="sidebar" aria-label="Views and account">
      <ul>{FIXED.map(({ view, name, icon }) => link(view, name, icon))}</ul>
      <h2>Lists</h2>
      <ul>{workspace.lists.lists.value.map((list) => link({ kind: "list", id: list.id }, list.name, "list"))}</ul>
      <NewList workspace={workspace} />
      {tags.value.length > 0 && <h2>Tags</h2>}
      <ul>{tags.value.map((name) => link({ kind: "tag", name }, name, "tag"))}</ul>
      <ul>{link({ kind: "trash" }, "Trash", "trash")}</ul>
      <Account state={state} user={user} />
    </nav>
  );
}

interface ViewLinkProps {
  view: View;
  name: string;
  icon: IconName;
  place: Place;
  count: number;
}

function ViewLink({ view, name, icon, place, count }: ViewLinkProps) {
  const href = hashOf({ view, filter: "all" });
  const isHere = hashOf({ view: place.view, filter: "all" }) === href;
  return (
    <li>
      <a href={href} class={`view-link view-${view.kind}`} aria-current={isHere ? "page" : undefined}>
        <Icon name={icon} />
        <span class="view-name">{name}</span>
        {count > 0 && (
          <span class="view-count">
            {count}
            <span class="visually-hidden"> to do</span>
          </span>
        )}
      </a>
    </li>
  );
}

function NewList({ workspace }: { workspace: Workspace }) {
  const name = useSignal("");
  const add = async (event: SubmitEvent) => {
    event.preventDefault();
    // Taken out at once: Enter that is pressed again does not make a second one, and what is typed next stays.
    const typed = name.value;
    name.value = "";
    const list = await workspace.lists.add(typed);
    if (list === undefined) {
      name.value ||= typed;
      return;
    }
    location.hash = hashOf({ view: { kind: "list", id: list.id }, filter: "all" });
  };
  return (
    <form class="new-list" onSubmit={(event) => void add(event)}>
      <Icon name="add" />
      <input
        aria-label="New list"
        placeholder="New list"
        autocomplete="off"
        maxLength={255}
        value={name.value}
        onInput={(event) => {
          name.value = event.currentTarget.value;
        }}
      />
    </form>
  );
}

function Account({ state, user }: { state: AppState; user: User }) {
  return (
    <div class="account-box">
      <label class="theme">
        <span>Theme</span>
        <select
          value={state.theme.current.value}
          onChange={(event) => state.theme.set(event.currentTarget.value as ThemeName)}
        >
          {THEMES.map((name) => (
            <option key={name} value={name}>
              {name.charAt(0).toUpperCase() + name.slice(1)}
            </option>
          ))}
        </select>
      </label>
      <p class="who" title={user.email}>
        {user.name || user.email}
      </p>
      <button type="button" class="quiet" onClick={() => void state.signOut()}>
        Sign out
      </button>
    </div>
  );
}

function countOf(view: View, pending: readonly ShownTask[], nowMs: number): number {
  return pending.reduce((count, task) => count + Number(holds(view, task, nowMs)), 0);
}

function tagsOf(tasks: readonly ShownTask[]): string[] {
  return [...new Set(tasks.flatMap((task) => task.tags))].sort((a, b) => a.localeCompare(b));
}
