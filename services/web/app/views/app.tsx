// Chooses the screen by who is signed in.
import type { AppState } from "../app_state.ts";
import { AccountForm } from "./account_form.tsx";
import { MessageBar } from "./message_bar.tsx";
import { TodoApp } from "./todo_app.tsx";
import { TopBar } from "./top_bar.tsx";
import { Unreachable } from "./unreachable.tsx";

export function App({ state }: { state: AppState }) {
  return (
    <>
      <Screen state={state} />
      <MessageBar messages={state.messages} />
    </>
  );
}

function Screen({ state }: { state: AppState }) {
  const session = state.session.value;
  const tasks = state.tasks.value;
  switch (session.kind) {
    case "starting":
      return <p class="starting" role="status">Loading…</p>;
    case "unreachable":
      return <Unreachable onRetry={() => void state.keeper.renew()} />;
    case "signed_out":
      return <AccountForm state={state} ended={session.ended} />;
    case "signed_in":
      return (
        <>
          <TopBar user={session.user} reachable={session.reachable} onSignOut={() => void state.signOut()} />
          <main>{tasks && <TodoApp tasks={tasks} state={state} />}</main>
        </>
      );
  }
}
