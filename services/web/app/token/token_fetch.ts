// Calls the gateway with the token in the Authorization header, and never with cookies.
import { type AuthorizedFetch, callGateway, type Gateway, untilNotThrottled } from "../api/gateway_call.ts";
import { SessionEnded, Unreachable } from "../api/problem.ts";

export interface Tokens {
  token(): Promise<string | undefined>;
  tokenInsteadOf(refused: string): Promise<string | undefined>;
  readonly state: { kind: string };
}

export function tokenFetch(gateway: Gateway, tokens: Tokens): AuthorizedFetch {
  return async (path, init = {}) => {
    const token = (await tokens.token()) ?? giveUp(tokens);
    const call = (as: string) => untilNotThrottled(gateway, () => send(gateway, path, init, as));
    const response = await call(token);
    if (response.status !== 401) return response;
    // Once with another token: this one may have been issued before a key rotation, say.
    const other = await tokens.tokenInsteadOf(token);
    if (other !== undefined) return call(other);
    return tokens.state.kind === "no_session" ? giveUp(tokens) : response;
  };
}

function giveUp(tokens: Tokens): never {
  if (tokens.state.kind === "no_session") throw new SessionEnded("Your session has ended.");
  throw new Unreachable("The sign-in server cannot be reached.");
}

function send(gateway: Gateway, path: string, init: RequestInit, token: string): Promise<Response> {
  const headers = new Headers(init.headers);
  headers.set("Authorization", `Bearer ${token}`);
  return callGateway(gateway, path, { ...init, headers, credentials: "omit" });
}
