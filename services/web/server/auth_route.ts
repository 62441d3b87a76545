// Hands /api/auth/* to Better Auth, which speaks the web's Request and Response.
import type { IncomingMessage } from "node:http";
import type { Answer } from "./answer.ts";
import { CLIENT_ADDRESS_HEADER, type Auth } from "./auth.ts";
import { clientAddress } from "./client_address.ts";
import type { Config } from "./config.ts";
import { ExplainedError } from "./explained_error.ts";
import { readBody } from "./request_body.ts";
import { currentRequest } from "./request_context.ts";

/** Better Auth would repeat the session cookie's value here, where scripts can read it: that is what HttpOnly is against. */
const SESSION_TOKEN_HEADER = "set-auth-token";
/** Better Auth answers here that all went well though it could not delete the session. */
const SIGN_OUT = "/api/auth/sign-out";

export type AuthHandler = Pick<Auth, "handler">;
export type AuthSite = Pick<Config, "publicOrigin" | "trustedProxies">;

export async function answerFromAuth(auth: AuthHandler, site: AuthSite, request: IncomingMessage): Promise<Answer> {
  const asked = await webRequest(site, request);
  const response = await auth.handler(asked);
  // Better Auth takes a session that it could not look up for none: nobody is signed out by an outage of ours.
  const isToBeDoubted = !response.ok || new URL(asked.url).pathname === SIGN_OUT;
  const failure = currentRequest()?.databaseFailure;
  if (isToBeDoubted && failure !== undefined) {
    throw new ExplainedError(`PostgreSQL failed; db_errors_total counts it as ${failure}.`);
  }
  return webAnswer(response);
}

async function webRequest({ publicOrigin, trustedProxies }: AuthSite, incoming: IncomingMessage): Promise<Request> {
  const headers = new Headers();
  for (const [name, value] of Object.entries(incoming.headers)) {
    if (value === undefined || name.startsWith(":")) continue;
    headers.set(name, Array.isArray(value) ? value.join(", ") : value);
  }
  // Ours wins over a header of that name from outside: rate limits go by it.
  const forwarded = headers.get("x-forwarded-for") ?? undefined;
  headers.set(CLIENT_ADDRESS_HEADER, clientAddress(incoming.socket.remoteAddress, forwarded, trustedProxies));
  const method = incoming.method ?? "GET";
  const hasBody = method !== "GET" && method !== "HEAD";
  const body = hasBody ? new Uint8Array(await readBody(incoming)) : null;
  // The origin is the configured one: a Host header decides nothing.
  return new Request(`${publicOrigin}${incoming.url ?? "/"}`, { method, headers, body });
}

async function webAnswer(response: Response): Promise<Answer> {
  const headers: Record<string, string | string[]> = { "Cache-Control": "no-store" };
  response.headers.forEach((value, name) => {
    if (name !== "set-cookie" && name !== SESSION_TOKEN_HEADER) headers[name] = value;
  });
  const cookies = response.headers.getSetCookie();
  if (cookies.length > 0) headers["Set-Cookie"] = cookies;
  return { status: response.status, headers, body: Buffer.from(await response.arrayBuffer()) };
}
