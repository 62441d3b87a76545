// Asks Better Auth for a token. The session cookie says whose; script cannot read it.

export type TokenAnswer =
  | { kind: "token"; token: string }
  /** The server says that there is no session: the only thing that signs a user out. */
  | { kind: "no_session" }
  /** Offline, too busy, broken: says nothing about the session. */
  | { kind: "unavailable" };

export type TokenSource = () => Promise<TokenAnswer>;

const TIMEOUT_MS = 10_000;

export function httpTokenSource(fetchFn: typeof fetch, baseUrl = ""): TokenSource {
  return async () => {
    try {
      const response = await fetchFn(`${baseUrl}/api/auth/token`, {
        credentials: "same-origin",
        cache: "no-store",
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      if (response.status === 401) return { kind: "no_session" };
      if (!response.ok) return { kind: "unavailable" };
      const { token } = (await response.json()) as { token?: unknown };
      return typeof token === "string" ? { kind: "token", token } : { kind: "unavailable" };
    } catch {
      return { kind: "unavailable" };
    }
  };
}
