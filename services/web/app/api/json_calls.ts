// JSON to the gateway and back. What is not a success becomes an ApiProblem.
import type { AuthorizedFetch } from "./gateway_call.ts";
import { problemOf } from "./problem.ts";

export interface CallOptions {
  body?: unknown;
  /** The etag that what is changed must still have: else 412, and nothing is written. */
  etag?: string | undefined;
  /** Makes the call safe to send again: the same key is carried out once. */
  idempotencyKey?: string | undefined;
}

export async function sendJson(
  fetch: AuthorizedFetch,
  method: string,
  path: string,
  { body, etag, idempotencyKey }: CallOptions = {},
): Promise<Response> {
  const headers = new Headers();
  if (body !== undefined) headers.set("Content-Type", "application/json");
  if (etag !== undefined) headers.set("If-Match", `"${etag}"`);
  if (idempotencyKey !== undefined) headers.set("Idempotency-Key", idempotencyKey);
  const response = await fetch(path, {
    method,
    headers,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!response.ok) throw await problemOf(response);
  return response;
}

export async function callJson<T>(
  fetch: AuthorizedFetch,
  method: string,
  path: string,
  options: CallOptions = {},
): Promise<T> {
  return (await sendJson(fetch, method, path, options)).json() as Promise<T>;
}
