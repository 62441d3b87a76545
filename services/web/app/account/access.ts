// How the app gets at the user's data: who is signed in, and calls in that user's name. There are two ways, chosen by
// the server's AUTH_MODE: tokens (app/token) and the session cookie alone (app/cookie).
import type { AuthorizedFetch } from "../api/gateway_call.ts";
import type { Finding } from "./session.ts";

export interface SessionKeeper {
  /** Finds out who is signed in. */
  start(): Promise<void>;
  /** Asks the server now; callers at the same time share one question. */
  renew(): Promise<void>;
  /** For when the window gets the focus or the network comes back: timers sleep in the background. */
  renewIfDue(): Promise<void>;
  /** There is a new session, perhaps of another user. */
  signedIn(): Promise<void>;
  /** Ends the session by `endSession`, in every tab. Where that fails the user stays signed in. */
  signOut(endSession: () => Promise<void>): Promise<void>;
}

export interface Access {
  keeper: SessionKeeper;
  fetch: AuthorizedFetch;
}

/** `onFinding` is told each time something about the session has been found out. */
export type OpenAccess = (onFinding: (finding: Finding) => void) => Access;
