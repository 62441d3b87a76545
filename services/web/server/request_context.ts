// Which request something is done for, wherever it is done: every line of the log says it.
import { AsyncLocalStorage } from "node:async_hooks";
import { randomBytes, randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { BlockList } from "node:net";
import { clientAddress } from "./client_address.ts";
import type { DatabaseErrorClass } from "./metrics.ts";

export interface RequestContext {
  readonly request_id: string;
  /** W3C Trace Context section 3.2. */
  readonly traceparent: string;
  readonly trace_id: string;
  readonly peer: string;
  /** Who it turned out to be for, if anybody. */
  sub?: string;
  /** How the database has failed while it was asked for this, if it has: what comes out is not to be believed. */
  databaseFailure?: DatabaseErrorClass | undefined;
}

const contexts = new AsyncLocalStorage<RequestContext>();

export function currentRequest(): RequestContext | undefined {
  return contexts.getStore();
}

export function inRequest<T>(context: RequestContext, work: () => T): T {
  return contexts.run(context, work);
}

/** What a request brought where it is fit to be passed on, as at the gateway; else a new one. */
export function contextOf(request: IncomingMessage, trustedProxies: BlockList): RequestContext {
  const given = request.headers["x-request-id"];
  const request_id = typeof given === "string" && /^[\w.-]{1,128}$/.test(given) ? given : randomUUID();
  const forwarded = request.headers["x-forwarded-for"]?.toString();
  const traceparent = traceparentOf(request.headers["traceparent"]);
  return {
    request_id,
    traceparent,
    trace_id: traceparent.slice(3, 35),
    peer: clientAddress(request.socket.remoteAddress, forwarded, trustedProxies),
  };
}

function traceparentOf(given: string | string[] | undefined): string {
  const isFit = typeof given === "string" && /^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/.test(given);
  return isFit ? given : `00-${randomBytes(16).toString("hex")}-${randomBytes(8).toString("hex")}-01`;
}
