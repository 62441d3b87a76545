// Asks Better Auth whose session the cookie holds. Script cannot read the cookie, and needs nothing but the answer.
import type { User } from "../account/session.ts";

export type SessionAnswer =
  | { kind: "user"; user: User }
  /** The server says that there is no session: the only thing that signs a user out. */
  | { kind: "no_session" }
  /** Offline, too busy, broken: says nothing about the session. */
  | { kind: "unavailable" };

export type SessionSource = () => Promise<SessionAnswer>;

const TIMEOUT_MS = 10_000;

export function httpSessionSource(fetchFn: typeof fetch, baseUrl = ""): SessionSource {
  return async () => {
    try {
      const response = await fetchFn(`${baseUrl}/api/auth/get-session`, {
        credentials: "same-origin",
        cache: "no-store",
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      return response.ok ? answerOf(await response.json()) : { kind: "unavailable" };
    } catch {
      return { kind: "unavailable" };
    }
  };
}

function answerOf(body: unknown): SessionAnswer {
  if (body === null) return { kind: "no_session" };
  const { user } = body as { user?: Partial<Record<keyof User, unknown>> };
  if (typeof user?.id !== "string") return { kind: "unavailable" };
  const text = (value: unknown) => (typeof value === "string" ? value : "");
  return { kind: "user", user: { id: user.id, name: text(user.name), email: text(user.email) } };
}
