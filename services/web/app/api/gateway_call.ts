// One call to the gateway: with a time limit, and repeated where that is known to be safe.
import type { Clock } from "../clock.ts";
import { Unreachable } from "./problem.ts";

export interface Gateway {
  fetchFn: typeof fetch;
  baseUrl: string;
  clock: Clock;
}

/** Calls a path of the gateway as the user who is signed in. */
export type AuthorizedFetch = (path: string, init?: RequestInit) => Promise<Response>;

const TIMEOUT_MS = 15_000;
const MAX_THROTTLED_TRIES = 4;
const LONGEST_WAIT_S = 5;

/** Throws Unreachable where there was no answer in time. A call with a signal of its own watches the time itself. */
export async function callGateway(gateway: Gateway, path: string, init: RequestInit): Promise<Response> {
  try {
    const signal = init.signal ?? AbortSignal.timeout(TIMEOUT_MS);
    return await gateway.fetchFn(gateway.baseUrl + path, { ...init, signal });
  } catch {
    throw new Unreachable("The server cannot be reached.");
  }
}

/** 429 means that nothing was done: waiting as long as asked and repeating is safe. */
export async function untilNotThrottled(
  { clock }: Pick<Gateway, "clock">,
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
