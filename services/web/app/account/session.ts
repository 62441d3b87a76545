// Who is signed in, as the views need to know it. Follows from what the token keeper finds.
import type { TokenState } from "../token/token_keeper.ts";

export interface User {
  id: string;
  name: string;
  email: string;
}

export type Session =
  | { kind: "starting" }
  | { kind: "unreachable" }
  | { kind: "signed_in"; user: User; reachable: boolean }
  /** `ended` by the server rather than by the user here: then what was typed is kept. */
  | { kind: "signed_out"; ended: boolean };

export function nextSession(session: Session, token: TokenState, signingOut: boolean): Session {
  switch (token.kind) {
    case "held": {
      const { userId, name, email } = token.held.claims;
      return { kind: "signed_in", user: { id: userId, name, email }, reachable: true };
    }
    case "unreachable":
      // Being offline never signs anyone out.
      return session.kind === "signed_in" ? { ...session, reachable: false } : { kind: "unreachable" };
    case "no_session":
      return { kind: "signed_out", ended: session.kind === "signed_in" && !signingOut };
    case "unknown":
      return session;
  }
}
