// Sign in, or make an account: one form with two faces.
import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { AccountProblem } from "../account/accounts.ts";
import type { AppState } from "../app_state.ts";
import { Wordmark } from "./icons.tsx";

const MIN_PASSWORD_LENGTH = 8;

export function AccountForm({ state, ended }: { state: AppState; ended: boolean }) {
  const isNew = useSignal(false);
  const busy = useSignal(false);
  const problem = useSignal("");

  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    if (busy.value) return;
    busy.value = true;
    problem.value = "";
    try {
      await send(state, new FormData(event.currentTarget as HTMLFormElement), isNew.value);
    } catch (error) {
      problem.value = error instanceof AccountProblem ? error.message : "Something unexpected happened. Try again.";
    } finally {
      busy.value = false;
    }
  };

  return (
    <main class="panel">
      <h1>
        <Wordmark />
      </h1>
      <p class="tagline">A todo list that keeps up with you.</p>
      {ended && <p class="note">Your session has ended. Sign in again; what you were typing is kept.</p>}
      <form class="account" aria-labelledby="account-title" onSubmit={(event) => void submit(event)}>
        <h2 id="account-title">{isNew.value ? "Create your account" : "Sign in"}</h2>
        {isNew.value && (
          <Field id="account-name" label="Name">
            <input id="account-name" name="name" type="text" autocomplete="name" required />
          </Field>
        )}
        <Field id="account-email" label="Email">
          <input id="account-email" name="email" type="email" autocomplete="username" required />
        </Field>
        <Field
          id="account-password"
          label={isNew.value ? `Password (${MIN_PASSWORD_LENGTH} characters or more)` : "Password"}
        >
          <input
            id="account-password"
            name="password"
            type="password"
            autocomplete={isNew.value ? "new-password" : "current-password"}
            minLength={isNew.value ? MIN_PASSWORD_LENGTH : undefined}
            required
          />
        </Field>
        <p class="problem" role="alert">
          {problem.value}
        </p>
        <button type="submit" class="primary" disabled={busy.value}>
          {isNew.value ? "Create account" : "Sign in"}
        </button>
      </form>
      <div class="other-way">
        {isNew.value ? "Been here before?" : "New here?"}
        <button
          type="button"
          class="quiet"
          onClick={() => {
            isNew.value = !isNew.value;
            problem.value = "";
          }}
        >
          {isNew.value ? "Sign in instead" : "Create an account"}
        </button>
      </div>
    </main>
  );
}

async function send(state: AppState, form: FormData, isNew: boolean): Promise<void> {
  const field = (name: string) => {
    const value = form.get(name);
    return typeof value === "string" ? value : "";
  };
  const credentials = { email: field("email").trim(), password: field("password") };
  if (isNew) await state.accounts.signUp(field("name").trim(), credentials);
  else await state.accounts.signIn(credentials);
  await state.keeper.signedIn();
  if (state.session.value.kind === "signed_out") {
    throw new AccountProblem("This browser does not keep you signed in. Allow cookies for this site, then try again.");
  }
}

function Field({ id, label, children }: { id: string; label: string; children: ComponentChildren }) {
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {children}
    </div>
  );
}
