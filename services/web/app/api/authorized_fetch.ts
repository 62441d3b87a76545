// Calls the gateway with the token in the Authorization header, and never with cookies.
import type { Clock } from "../clock.ts";
import { SessionEnded, Unreachable } from "./problem.ts";

export interface Tokens {
  token(): Promise<string | undefined>;
  tokenInsteadOf(refused: string): Promise<string | undefined>;
  readonly state: { kind: string };
}

export interface AuthorizedFetchParts {
  fetchFn: typeof fetch;
  baseUrl: string;
  tokens: Tokens;
  clock: Clock;
}

export type AuthorizedFetch = (path: string, init?: RequestInit) => Promise<Response>;

const TIMEOUT_MS = 15_000;
const MAX_THROTTLED_TRIES = 4;
const LONGEST_WAIT_S = 5;

export function createAuthorizedFetch(parts: AuthorizedFetchParts): AuthorizedFetch {
  return async (path, init = {}) => {
    const token = (await parts.tokens.token()) ?? giveUp(parts.tokens);
    const response = await untilNotThrottled(parts, () => send(parts, path, init, token));
    if (response.status !== 401) return response;
    // Once with another token: this one may have been issued before a key rotation, say.
    const other = await parts.tokens.tokenInsteadOf(token);
    if (other !== undefined) return send(parts, path, init, other);
    return parts.tokens.state.kind === "no_session" ? giveUp(parts.tokens) : response;
  };
}

function giveUp(tokens: Tokens): never {
  if (tokens.state.kind === "no_session") throw new SessionEnded("Your session has ended.");
  throw new Unreachable("The sign-in server cannot be reached.");
}

async function send(
  { fetchFn, baseUrl }: AuthorizedFetchParts,
  path: string,
  init: RequestInit,
  token: string,
): Promise<Response> {
  const headers = new Headers(init.headers);
  headers.set("Authorization", `Bearer ${token}`);
  try {
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    return await fetchFn(baseUrl + path, { ...init, headers, credentials: "omit", signal });
  } catch {
    throw new Unreachable("The server cannot be reached.");
  }
}

/** 429 means that nothing was done: waiting as long as asked and repeating is safe. */
async function untilNotThrottled(
  { clock }: AuthorizedFetchParts,
  attempt: () => Promise<Response>,
): Promise<Response> {
  for (let tries = 1; ; tries += 1) {
    const response = await attempt();
    const waitS = Number(response.headers.get("Retry-After") ?? NaN);
    const mayWait = waitS >= 0 && waitS <= LONGEST_WAIT_S && tries < MAX_THROTTLED_TRIES;
    if (response.status !== 429 || !mayWait) return response;
    await new Promise<void>((resolve) => clock.after(waitS * 1000, resolve));
  }
}
