// The page of someone who is signed in: the views at the side, and the chosen one.
import { useComputed, useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { User } from "../account/session.ts";
import type { AppState } from "../app_state.ts";
import { placeOfHash } from "../tasks/view.ts";
import type { Workspace } from "../workspace.ts";
import { ConflictDialog } from "./conflict_dialog.tsx";
import { Icon, Wordmark } from "./icons.tsx";
import { Sidebar } from "./sidebar.tsx";
import { TodoApp } from "./todo_app.tsx";
import { Trash } from "./trash.tsx";

interface ShellProps {
  state: AppState;
  workspace: Workspace;
  user: User;
  reachable: boolean;
}

export function Shell({ state, workspace, user, reachable }: ShellProps) {
  const hash = useSignal(location.hash);
  const menuOpen = useSignal(false);
  const place = useComputed(() => placeOfHash(hash.value));
  useEffect(() => {
    const follow = () => {
      hash.value = location.hash;
      menuOpen.value = false;
    };
    window.addEventListener("hashchange", follow);
    return () => window.removeEventListener("hashchange", follow);
  }, [hash, menuOpen]);

  return (
    <div
      class={menuOpen.value ? "shell menu-open" : "shell"}
      onKeyDown={(event) => {
        if (event.key !== "Escape" || !menuOpen.value) return;
        menuOpen.value = false;
        document.querySelector<HTMLElement>(".menu-button")?.focus();
      }}
    >
      <button type="button" class="skip" onClick={() => document.querySelector<HTMLElement>("#content")?.focus()}>
        Skip to the todos
      </button>
      <header class="top-bar">
        <button
          type="button"
          class="icon-button menu-button"
          aria-label="Views and account"
          aria-expanded={menuOpen.value}
          aria-controls="sidebar"
          onClick={() => {
            menuOpen.value = !menuOpen.value;
          }}
        >
          <Icon name="menu" />
        </button>
        <span class="brand">
          <Wordmark />
        </span>
        {!reachable && (
          <span class="offline" role="status">
            Offline
          </span>
        )}
      </header>
      <Sidebar state={state} workspace={workspace} user={user} place={place.value} />
      <main
        id="content"
        tabIndex={-1}
        onClick={() => {
          menuOpen.value = false;
        }}
      >
        {place.value.view.kind === "trash" ? (
          <Trash workspace={workspace} />
        ) : (
          <TodoApp state={state} workspace={workspace} place={place.value} />
        )}
      </main>
      <ConflictDialog state={state} workspace={workspace} />
    </div>
  );
}
