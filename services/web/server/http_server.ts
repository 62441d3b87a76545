// The HTTP server: limits, dispatch, security headers, one log line a request.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { type BlockList, Socket } from "node:net";
import type { Duplex } from "node:stream";
import { type Answer, problem } from "./answer.ts";
import type { Readiness } from "./health.ts";
import { errorFields, type Fields, type Log } from "./log.ts";
import type { Metrics } from "./metrics.ts";
import { contextOf, inRequest, type RequestContext } from "./request_context.ts";
import { BodyTooLarge } from "./request_body.ts";
import type { FindRoute, Route } from "./routes.ts";

export interface HttpServerParts {
  findRoute: FindRoute;
  headers: Record<string, string>;
  log: Log;
  metrics: Metrics;
  readiness: Pick<Readiness, "isDraining">;
  trustedProxies: BlockList;
}

const LIMITS = {
  maxHeaderSize: 16 * 1024,
  headersTimeout: 5_000,
  requestTimeout: 10_000,
  keepAliveTimeout: 65_000,
  connectionsCheckingInterval: 1_000,
};
/** An answer that its client does not read is given up after this silence. */
const SOCKET_IDLE_MS = 70_000;
const MAX_CONNECTIONS = 2_000;

export function createHttpServer(parts: HttpServerParts): Server {
  const server = createServer(LIMITS, (request, response) => {
    void serve(parts, server, request, response);
  });
  server.setTimeout(SOCKET_IDLE_MS);
  server.maxConnections = MAX_CONNECTIONS;
  server.on("clientError", (error, socket) => refuseMalformed(parts, error, socket));
  return server;
}

async function serve(
  parts: HttpServerParts,
  server: Server,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const started = performance.now();
  const context = contextOf(request, parts.trustedProxies);
  await inRequest(context, async () => {
    const route = parts.findRoute(pathOf(request.url ?? "/"));
    const answered = parts.metrics.requestBegins(route?.name ?? "unknown", request.method);
    const answer = await answerOf(parts.log, route, request);
    // A connection that is kept alive would keep a server that is stopping from ending.
    if (!server.listening || parts.readiness.isDraining) response.setHeader("Connection", "close");
    write(parts.headers, context, request, response, answer);
    answered(answer.status);
    logRequest(parts.log, context, {
      route: route?.name ?? "none",
      method: knownMethod(request.method),
      status: answer.status,
      duration_ms: Math.round((performance.now() - started) * 1000) / 1000,
    });
  });
}

function logRequest(log: Log, context: RequestContext, fields: Fields & { status: number }): void {
  const outcome = fields.status < 400 ? "ok" : fields.status < 500 ? "refused" : "failed";
  const level = outcome === "failed" ? "warning" : "info";
  log(level, "http_request", { ...fields, outcome, sub: context.sub, peer: context.peer });
}

async function answerOf(log: Log, route: Route | undefined, request: IncomingMessage): Promise<Answer> {
  if (route === undefined) return problem(404, "Not found", "There is nothing here. The app is at /.");
  if (!route.methods.includes(request.method ?? "")) {
    const allow = route.methods.join(", ");
    return problem(405, "Method not allowed", `Use ${allow}.`, { Allow: allow });
  }
  const answer = await answerOfRoute(log, route, request);
  route.answered?.(answer);
  return answer;
}

async function answerOfRoute(log: Log, route: Route, request: IncomingMessage): Promise<Answer> {
  try {
    return await route.answer(request);
  } catch (error) {
    if (error instanceof BodyTooLarge) {
      const headers = { Connection: "close" };
      return problem(413, "Body too large", "Send at most 64 KiB.", headers);
    }
    log("error", "request_failed", { route: route.name, ...errorFields(error) });
    return problem(503, "Unavailable", "Try again in a moment.", { "Retry-After": "1" });
  }
}

function write(
  headers: Record<string, string>,
  context: RequestContext,
  request: IncomingMessage,
  response: ServerResponse,
  answer: Answer,
): void {
  const body = answer.body ?? "";
  response.statusCode = answer.status;
  for (const [name, value] of Object.entries(answer.headers ?? {})) response.setHeader(name, value);
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  response.setHeader("X-Request-Id", context.request_id);
  response.setHeader("traceparent", context.traceparent);
  if (answer.status !== 304) response.setHeader("Content-Length", Buffer.byteLength(body));
  // The rest of a body that was not read cannot be told from a next request.
  if (!request.complete && request.method !== "GET" && request.method !== "HEAD") {
    response.setHeader("Connection", "close");
  }
  response.end(request.method === "HEAD" || answer.status === 304 ? undefined : body);
}

/** The path alone; the query is Better Auth's business and is never logged. */
function pathOf(target: string): string {
  const end = target.search(/[?#]/);
  return end === -1 ? target : target.slice(0, end);
}

function knownMethod(method: string | undefined): string {
  return method !== undefined && /^[A-Z]{1,16}$/.test(method) ? method : "other";
}

/** Bytes that are not HTTP, or too many, or too slow: an answer by hand, since there is no request. */
function refuseMalformed({ headers, log }: HttpServerParts, error: NodeJS.ErrnoException, socket: Duplex): void {
  if (!socket.writable || error.code === "ECONNRESET") {
    socket.destroy();
    return;
  }
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  const status = malformedStatus(error.code);
  const reason = error.code ?? error.name;
  const peer = socket instanceof Socket ? socket.remoteAddress : undefined;
  log("warning", "http_refused", {
    status: Number.parseInt(status),
    outcome: "refused",
    reason,
    peer,
  });
  socket.end(`HTTP/1.1 ${status}\r\n${lines.join("")}Connection: close\r\nContent-Length: 0\r\n\r\n`);
}

function malformedStatus(code: string | undefined): string {
  if (code === "HPE_HEADER_OVERFLOW") return "431 Request Header Fields Too Large";
  if (code === "ERR_HTTP_REQUEST_TIMEOUT") return "408 Request Timeout";
  return "400 Bad Request";
}
