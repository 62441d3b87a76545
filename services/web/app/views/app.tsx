// Chooses the screen by who is signed in.
import type { AppState } from "../app_state.ts";
import { AccountForm } from "./account_form.tsx";
import { MessageBar } from "./message_bar.tsx";
import { Shell } from "./shell.tsx";
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
  const workspace = state.workspace.value;
  switch (session.kind) {
    case "starting":
      return (
        <main class="starting">
          <p role="status">Loading…</p>
        </main>
      );
    case "unreachable":
      return <Unreachable onRetry={() => void state.keeper.renew()} />;
    case "signed_out":
      return <AccountForm state={state} ended={session.ended} />;
    case "signed_in":
      // A key of its own: nothing that was shown to one user stays for the next.
      return workspace === undefined ? null : (
        <Shell
          key={workspace.userId}
          state={state}
          workspace={workspace}
          user={session.user}
          reachable={session.reachable}
        />
      );
  }
}
