// Sign-up, sign-in and sign-out, through Better Auth's own client.
import { createAuthClient } from "better-auth/client";

/** Why it did not work, in words for the person at the form. */
export class AccountProblem extends Error {
  override readonly name = "AccountProblem";
}

export interface Credentials {
  email: string;
  password: string;
}

export interface Accounts {
  signUp(name: string, credentials: Credentials): Promise<void>;
  signIn(credentials: Credentials): Promise<void>;
  signOut(): Promise<void>;
}

interface Outcome {
  error: { status: number; message?: string | undefined } | null;
}

export function betterAuthAccounts(baseURL: string): Accounts {
  const client = createAuthClient({ baseURL });
  return {
    signUp: (name, credentials) => settle(client.signUp.email({ name, ...credentials })),
    signIn: (credentials) => settle(client.signIn.email(credentials)),
    signOut: () => settle(client.signOut()),
  };
}

async function settle(call: Promise<Outcome>): Promise<void> {
  const { error } = await call.catch((): Outcome => ({ error: { status: 0 } }));
  if (error === null) return;
  const away = error.status === 0 || error.status >= 500;
  if (away) throw new AccountProblem("The sign-in server cannot be reached. Try again in a moment.");
  throw new AccountProblem(sentence(error.message || `The sign-in server answered ${error.status}`));
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
