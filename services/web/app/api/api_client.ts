// The gateway's API, typed by the gateway itself: paths, parameters and answers are those of its /openapi.json, from
// which generate-api makes app/api/generated. What is not a success becomes an ApiProblem.
import createClient, { type Client } from "openapi-fetch";
import type { AuthorizedFetch } from "./gateway_call.ts";
import type { components, paths } from "./generated/schema.ts";
import { problemOf } from "./problem.ts";

export type Schemas = components["schemas"];
export type ApiClient = Client<paths>;

/** Stands for the gateway's address, which the AuthorizedFetch knows: a Request must have one. */
const GATEWAY = "http://gateway";

export function apiClient(fetch: AuthorizedFetch): ApiClient {
  return createClient<paths>({
    baseUrl: GATEWAY,
    fetch: async (request) => {
      const { method, headers } = request;
      const body = await request.text();
      const path = request.url.slice(GATEWAY.length);
      const response = await fetch(path, { method, headers, ...(body === "" ? {} : { body }) });
      if (!response.ok) throw await problemOf(response);
      return response;
    },
  });
}

/** What an answer holds: that of a success always holds something, and another has become an ApiProblem. */
export async function dataOf<T>(answer: Promise<{ data?: T }>): Promise<T> {
  return (await answer).data as T;
}

export interface WriteOptions {
  /** The etag that what is changed must still have: else 412, and nothing is written. */
  etag?: string | undefined;
  /** Makes the call safe to send again: the same key is carried out once. */
  idempotencyKey?: string | undefined;
}

export function headersOf({ etag, idempotencyKey }: WriteOptions) {
  return {
    ...(etag !== undefined && { "If-Match": `"${etag}"` }),
    ...(idempotencyKey !== undefined && { "Idempotency-Key": idempotencyKey }),
  };
}
