// The todo API as its callers see it, whichever way they come: one row a method, and two ways to make a call of it.
import { setTimeout } from "node:timers/promises";
import { callGrpc, explain, streamGrpc } from "./grpc_client.mjs";
import { request } from "./http.mjs";

const LISTS = "TaskListService";

/**
 * Each method: how HTTP calls it, and what gRPC calls it. `body` is the field of the request that the HTTP body is, or `*`;
 * `answer` the field of the response that the HTTP answer is.
 */
export const METHODS = {
  getMe: { http: ["GET", "/api/me"], grpc: "GetMe" },
  deleteMe: { http: ["DELETE", "/api/me"], grpc: "DeleteMe", status: 204 },
  createTask: { http: ["POST", "/tasks"], grpc: "CreateTask", body: "task", answer: "task", status: 201 },
  listTasks: { http: ["GET", "/tasks"], grpc: "ListTasks" },
  getTaskMetrics: { http: ["GET", "/tasks/metrics"], grpc: "GetTaskMetrics" },
  getTask: { http: ["GET", "/tasks/{task_id}"], grpc: "GetTask", answer: "task" },
  replaceTask: { http: ["PUT", "/tasks/{task_id}"], grpc: "ReplaceTask", body: "task", answer: "task" },
  updateTask: { http: ["PATCH", "/tasks/{task_id}"], grpc: "UpdateTask", body: "task", answer: "task", masked: true },
  toggleTask: { http: ["PATCH", "/tasks/{task_id}/complete"], grpc: "ToggleTask", answer: "task" },
  completeTask: { http: ["POST", "/tasks/{task_id}/complete"], grpc: "CompleteTask", answer: "task" },
  deleteTask: { http: ["DELETE", "/tasks/{task_id}"], grpc: "DeleteTask", status: 204 },
  undeleteTask: { http: ["POST", "/tasks/{task_id}:undelete"], grpc: "UndeleteTask", answer: "task" },
  watchTasks: { http: ["GET", "/tasks/stream"], grpc: "WatchTasks", streams: true },
  syncTasks: { http: ["GET", "/tasks:sync"], grpc: "SyncTasks" },
  batchCreateTasks: { http: ["POST", "/tasks:batchCreate"], grpc: "BatchCreateTasks", body: "*" },
  batchUpdateTasks: { http: ["POST", "/tasks:batchUpdate"], grpc: "BatchUpdateTasks", body: "*" },
  batchDeleteTasks: { http: ["POST", "/tasks:batchDelete"], grpc: "BatchDeleteTasks", body: "*", status: 204 },
  exportTasks: { http: ["GET", "/tasks:export"], grpc: "ExportTasks" },
  importTasks: { http: ["POST", "/tasks:import"], grpc: "ImportTasks", body: "*" },
  listTags: { http: ["GET", "/tags"], grpc: "ListTags" },
  getTag: { http: ["GET", "/tags/{tag}"], grpc: "GetTag", answer: "tag" },
  deleteTag: { http: ["DELETE", "/tags/{tag}"], grpc: "DeleteTag", status: 204 },
  createTaskList: { http: ["POST", "/lists"], grpc: "CreateTaskList", service: LISTS, body: "task_list", answer: "task_list", status: 201 },
  listTaskLists: { http: ["GET", "/lists"], grpc: "ListTaskLists", service: LISTS },
  getTaskList: { http: ["GET", "/lists/{list_id}"], grpc: "GetTaskList", service: LISTS, answer: "task_list" },
  updateTaskList: { http: ["PATCH", "/lists/{list_id}"], grpc: "UpdateTaskList", service: LISTS, body: "task_list", answer: "task_list", masked: true },
  deleteTaskList: { http: ["DELETE", "/lists/{list_id}"], grpc: "DeleteTaskList", service: LISTS, status: 204 },
};

/**
 * A call: `path` fills the path's variables, `query` and `content` are what HTTP sends as query and body, `etag` its If-Match,
 * `key` its Idempotency-Key, `lastEventId` its Last-Event-ID.
 *
 * The answer is `{status, code, fields, content}`: the HTTP status (over gRPC the one that the gateway would give), the
 * error_code and the fields at fault of an error, and otherwise the answer with what is unset or empty left out.
 */
export const overHttp = {
  name: "HTTP",
  call: (...call) => untilItHasTime(() => overHttp.callOnce(...call)),
  async callOnce(services, user, name, { path = {}, query = {}, content, etag, key } = {}) {
    const [method, template] = METHODS[name].http;
    const answer = await request(method, address(services, user, template, path, query), {
      json: content,
      headers: headersOf(user, { "if-match": etag && `"${etag}"`, "idempotency-key": key }),
    });
    if (answer.status >= 400) return { status: answer.status, ...problem(answer.json), headers: answer.headers };
    return { status: answer.status, content: essence(answer.json ?? {}), headers: answer.headers };
  },
  /** Reads messages of a stream until `enough` of all so far, and goes away. */
  async watch(services, user, { lastEventId } = {}, enough) {
    const leave = new AbortController();
    const answer = await fetch(address(services, user, "/tasks/stream", {}, {}), {
      headers: headersOf(user, { accept: "text/event-stream", "last-event-id": lastEventId }),
      signal: leave.signal,
    });
    const messages = [];
    let text = "";
    for await (const bytes of answer.body.pipeThrough(new TextDecoderStream())) {
      text += bytes;
      for (let end; (end = text.indexOf("\n\n")) >= 0; text = text.slice(end + 2)) {
        const data = text.slice(0, end).match(/^data: ?(.*)$/m);
        if (data) messages.push(essence(JSON.parse(data[1])));
      }
      if (await enough(messages)) break;
    }
    leave.abort();
    return messages;
  },
};

export const overGrpc = {
  name: "gRPC",
  call: (...call) => untilItHasTime(() => overGrpc.callOnce(...call)),
  async callOnce(services, user, name, { path = {}, query = {}, content, etag, key } = {}) {
    const { grpc, service = "TaskService", body, answer, masked, status = 200 } = METHODS[name];
    const sent = content === undefined ? {} : body === "*" ? content : { [body]: content };
    const message = { ...owner(user, name), ...path, ...toMessage(query, QUERY_ENUMS), ...toMessage(sent, TASK_ENUMS), etag, idempotency_key: key };
    if (masked) message.update_mask = { paths: Object.keys(content ?? {}) };
    try {
      const received = toJson(await callGrpc(services, service, grpc, message, user.token));
      return { status, content: essence(answer === undefined ? received : received[answer]) };
    } catch (error) {
      if (error.metadata === undefined) throw error;
      return failure(error);
    }
  },
  async watch(services, user, { lastEventId } = {}, enough) {
    const messages = [];
    const stream = streamGrpc(services, "TaskService", "WatchTasks", { ...owner(user), last_event_id: lastEventId }, user.token);
    stream.on("error", () => undefined); // CANCELLED, once it is left
    for await (const message of stream) {
      messages.push(essence(toJson(message)));
      if (await enough(messages)) break;
    }
    stream.cancel();
    return messages;
  },
};

/** A service on a busy machine may say that it has too much to do, and that nothing was written: then it is asked again. */
async function untilItHasTime(call) {
  for (let tries = 1; ; tries++) {
    const answer = await call();
    if (answer.code !== "DATABASE_UNAVAILABLE" || tries === 50) return answer;
    await setTimeout(100);
  }
}

const owner = (user, name) => (/Me$/.test(name) ? {} : { user_id: user.path ?? user.id });

function address(services, user, template, path, query) {
  const prefix = template.startsWith("/api") ? "" : `/api/${encodeURIComponent(user.path ?? user.id)}`;
  const filled = template.replace(/\{(\w+)\}/g, (_, name) => encodeURIComponent(path[name]));
  const pairs = Object.entries(query).flatMap(([name, value]) => [value].flat().map((one) => [name, one]));
  return `${services.apiUrl}${prefix}${filled}?${new URLSearchParams(pairs)}`;
}

function headersOf(user, headers) {
  const all = { ...headers, authorization: user.token && `Bearer ${user.token}` };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}

const problem = ({ error_code, errors = [] }) => ({ code: error_code, fields: errors.map((error) => error.field).sort() });

const STATUS_OF = {
  INVALID_ARGUMENT: 422, UNAUTHENTICATED: 401, PERMISSION_DENIED: 403, NOT_FOUND: 404, ABORTED: 409, FAILED_PRECONDITION: 409,
  RESOURCE_EXHAUSTED: 429, UNAVAILABLE: 503, DEADLINE_EXCEEDED: 504,
};
const STATUS_OF_REASON = { PRECONDITION_FAILED: 412, SYNC_TOKEN_EXPIRED: 410 };

/** A gRPC error, as the gateway would say it. */
function failure(error) {
  const { code: name, reason, fields } = explain(error);
  const code = fields.length > 0 ? "VALIDATION_ERROR" : reason;
  return { status: STATUS_OF_REASON[code] ?? STATUS_OF[name], code, fields: fields.map((field) => field.replace(/^(task|task_list)\./, "")).sort() };
}

const TASK_ENUMS = { priority: "PRIORITY_" };
const QUERY_ENUMS = { ...TASK_ENUMS, status: "TASK_STATUS_", sort_by: "TASK_SORT_BY_", sort_order: "SORT_ORDER_" };

const isObject = (value) => typeof value === "object" && value !== null;
const mapValues = (object, change) => Object.fromEntries(Object.entries(object).map(([name, value]) => [name, change(name, value)]));

/** JSON as a message has it: names of enum values, instants, masks, and nothing for `null`. */
function toMessage(value, enums) {
  if (Array.isArray(value)) return value.map((item) => toMessage(item, enums));
  if (!isObject(value)) return value ?? undefined;
  return mapValues(value, (name, item) => {
    if (enums[name] && item) return enums[name] + item.toUpperCase();
    if (name === "update_mask") return { paths: item.split(",") };
    if (name.endsWith("_at") && item) return { seconds: Math.floor(Date.parse(item) / 1000), nanos: Number((item.match(/\.(\d+)Z$/)?.[1] ?? "0").padEnd(9, "0")) };
    if (name === "tags" && typeof item === "string") return [item];
    return toMessage(item, enums);
  });
}

/** And back. */
function toJson(value) {
  if (Array.isArray(value)) return value.map(toJson);
  if (!isObject(value)) return value;
  if ("seconds" in value || "nanos" in value) {
    const fraction = String(value.nanos ?? 0).padStart(9, "0").replace(/0+$/, "");
    return new Date((value.seconds ?? 0) * 1000).toISOString().replace(/\.000Z$/, fraction ? `.${fraction}Z` : "Z");
  }
  return mapValues(value, (name, item) => (name === "priority" ? item[9] + item.slice(10).toLowerCase() : toJson(item)));
}

/** Without what is unset or empty, which the two spell in their own ways. */
function essence(value) {
  if (Array.isArray(value)) return value.map(essence);
  if (!isObject(value)) return value;
  const kept = Object.entries(value).filter(([, item]) => ![null, "", false, 0].includes(item) && !(Array.isArray(item) && item.length === 0));
  return Object.fromEntries(kept.map(([name, item]) => [name, instant(essence(item))]));
}

/** An instant without the zeros at its end, which both may write. */
const instant = (value) => (typeof value === "string" && /^\d{4}-.*\.\d+Z$/.test(value) ? value.replace(/\.?0+Z$/, "Z") : value);
