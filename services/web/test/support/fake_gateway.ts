// The gateway's task routes on a real socket, kept in memory, with CORS for one origin.
import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Task } from "../../app/api/task_api.ts";

export interface SeenRequest {
  method: string;
  path: string;
  authorization: string | undefined;
  cookie: string | undefined;
  body: unknown;
  /** Present where they were sent. */
  ifMatch?: string;
  idempotencyKey?: string;
}

export interface PlannedAnswer {
  status: number;
  headers?: Record<string, string>;
  body?: unknown;
}

export interface FakeGateway {
  url: string;
  tasks: Task[];
  seen: SeenRequest[];
  /** Answers given before the routes are asked, first come first served. */
  planned: PlannedAnswer[];
  pageSize: number;
  /** No answer goes out before. */
  mayAnswer: Promise<void>;
  close(): Promise<void>;
}

export async function startFakeGateway(allowedOrigin: string, port = 0): Promise<FakeGateway> {
  const gateway: Omit<FakeGateway, "url" | "close"> = {
    tasks: [],
    seen: [],
    planned: [],
    pageSize: 200,
    mayAnswer: Promise.resolve(),
  };
  const server = createServer((request, response) => void answer(gateway, allowedOrigin, request, response));
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  return Object.assign(gateway, {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => {
      server.closeAllConnections();
      return new Promise<void>((resolve) => server.close(() => resolve()));
    },
  });
}

type State = Omit<FakeGateway, "url" | "close">;

async function answer(state: State, origin: string, request: IncomingMessage, response: ServerResponse) {
  response.setHeader("Access-Control-Allow-Origin", origin);
  response.setHeader(
    "Access-Control-Allow-Headers",
    "authorization, content-type, if-match, idempotency-key, last-event-id",
  );
  response.setHeader("Access-Control-Allow-Methods", "GET, POST, PATCH, DELETE");
  if (request.method === "OPTIONS") return void response.writeHead(204).end();
  const seen = await see(request);
  state.seen.push(seen);
  const { status, headers, body } = state.planned.shift() ?? route(state, seen);
  await state.mayAnswer;
  response.writeHead(status, { "Content-Type": "application/json", ...headers });
  response.end(body === undefined ? undefined : JSON.stringify(body));
}

async function see(request: IncomingMessage): Promise<SeenRequest> {
  let text = "";
  for await (const chunk of request) text += String(chunk);
  const { "if-match": ifMatch, "idempotency-key": idempotencyKey } = request.headers;
  return {
    method: request.method ?? "",
    path: request.url ?? "",
    authorization: request.headers.authorization,
    cookie: request.headers.cookie,
    body: text === "" ? undefined : JSON.parse(text),
    ...(ifMatch === undefined ? {} : { ifMatch }),
    ...(typeof idempotencyKey === "string" ? { idempotencyKey } : {}),
  };
}

function route(state: State, { method, path, body }: SeenRequest): PlannedAnswer {
  const url = new URL(path, "http://gateway");
  if (url.pathname.endsWith("/lists")) return { status: 200, body: { items: [] } };
  if (url.pathname.endsWith("/stream")) return { status: 501, body: { error_code: "NOT_IMPLEMENTED" } };
  const match = /^\/api\/([^/]+)\/tasks(?:\/([^/]+))?(\/complete)?$/.exec(url.pathname);
  if (match === null) return { status: 404, body: { error_code: "ROUTE_NOT_FOUND", title: "Not found" } };
  const [, userId = "", id, complete] = match;
  if (id === undefined) {
    return method === "GET" ? list(state, url.searchParams) : create(state, decodeURIComponent(userId), body);
  }
  const task = state.tasks.find((each) => each.id === id);
  if (task === undefined) return { status: 404, body: { error_code: "NOT_FOUND", detail: "No such task." } };
  if (method === "DELETE") {
    state.tasks = state.tasks.filter((each) => each !== task);
    return { status: 204 };
  }
  const done = method === "POST" ? true : !task.is_completed;
  Object.assign(task, complete === undefined ? body : { is_completed: done });
  return { status: 200, body: task };
}

function list(state: State, query: URLSearchParams): PlannedAnswer {
  const start = Number(query.get("page_token") ?? 0);
  const end = start + state.pageSize;
  const next_page_token = end < state.tasks.length ? String(end) : "";
  return { status: 200, body: { items: state.tasks.slice(start, end), count: state.tasks.length, next_page_token } };
}

function create(state: State, userId: string, body: unknown): PlannedAnswer {
  const task = makeTask({ user_id: userId, ...(body as Partial<Task>) });
  state.tasks.push(task);
  return { status: 201, body: task };
}

export function makeTask(fields: Partial<Task>): Task {
  return {
    id: randomUUID(),
    user_id: "user-1",
    title: "A task",
    description: null,
    is_completed: false,
    priority: "Medium",
    due_date: null,
    due_time: null,
    time_zone: null,
    tags: [],
    list_id: null,
    position: "",
    completed_at: null,
    deleted_at: null,
    purge_at: null,
    etag: randomUUID(),
    created_at: "2030-01-01T00:00:00Z",
    updated_at: "2030-01-01T00:00:00Z",
    ...fields,
  };
}
