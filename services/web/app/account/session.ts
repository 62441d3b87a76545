// Who is signed in, as the views need to know it. Follows from what is found out about the session.

export interface User {
  id: string;
  name: string;
  email: string;
}

/** What has been found out about the session. */
export type Finding =
  /** The server is being asked. */
  | { kind: "unknown" }
  | { kind: "user"; user: User }
  /** There may be a session, but the server cannot be asked. */
  | { kind: "unreachable" }
  | { kind: "no_session" };

export type Session =
  | { kind: "starting" }
  | { kind: "unreachable" }
  | { kind: "signed_in"; user: User; reachable: boolean }
  /** `ended` by the server rather than by the user here: then what was typed is kept. */
  | { kind: "signed_out"; ended: boolean };

export function nextSession(session: Session, finding: Finding, signingOut: boolean): Session {
  switch (finding.kind) {
    case "user":
      return { kind: "signed_in", user: finding.user, reachable: true };
    case "unreachable":
      // Being offline never signs anyone out.
      return session.kind === "signed_in" ? { ...session, reachable: false } : { kind: "unreachable" };
    case "no_session":
      return { kind: "signed_out", ended: session.kind === "signed_in" && !signingOut };
    case "unknown":
      return session;
  }
}
