// One JSON line an event, or a human-readable one with DEBUG=true: the same fields as in the C++ processes, docs/logs.md.
// Callers pass named fields only: no request bodies, headers, cookies, tokens or connection strings.
import { ExplainedError } from "./explained_error.ts";
import { currentRequest } from "./request_context.ts";

export type Level = "debug" | "info" | "warning" | "error";
export type Fields = Record<string, string | number | boolean | undefined>;
export type Log = (level: Level, event: string, fields?: Fields) => void;

export interface LogOptions {
  debug: boolean;
  /** Says whether the line was taken. */
  write: (line: string) => boolean;
  now?: () => Date;
  /** Hears of each line, and of each that was lost on the way. */
  count?: (level: Level | "dropped") => void;
}

const MAX_TEXT = 1024;

export function createLog(options: LogOptions): Log {
  const now = options.now ?? (() => new Date());
  return (level, event, fields = {}) => {
    if (level === "debug" && !options.debug) return;
    options.count?.(level);
    const time = now().toISOString();
    const { request_id, trace_id } = currentRequest() ?? {};
    const details = withoutEmpty({ ...fields, request_id, trace_id });
    const line = options.debug
      ? [`${time} ${level} web ${event}`, ...details.map(([name, value]) => `${name}=${asJson(value)}`)].join(" ")
      : asJson({ time, level, service: "web", event, ...Object.fromEntries(details) });
    if (!options.write(`${line}\n`)) options.count?.("dropped");
  };
}

/** A field that is empty says nothing; one that is long would fill the log. */
function withoutEmpty(fields: Fields): [string, string | number | boolean][] {
  return Object.entries(fields).flatMap(([name, value]) => {
    if (value === undefined || value === "") return [];
    return [[name, typeof value === "string" ? value.slice(0, MAX_TEXT) : value]];
  });
}

/** JSON.stringify escapes line breaks; the control characters beyond ASCII, which terminals act on, it lets stand. */
function asJson(value: unknown): string {
  return JSON.stringify(value).replace(/[\u007f-\u009f\u2028\u2029]/g, "\ufffd");
}

/** Class and code of an error. Of messages only our own: a database's can quote a row. */
export function errorFields(error: unknown): Fields {
  if (!(error instanceof Error)) return { outcome: "failed", reason: typeof error };
  if (error instanceof ExplainedError) return { outcome: "failed", reason: error.name, hint: error.message };
  const code = (error as { code?: unknown }).code;
  return { outcome: "failed", reason: typeof code === "string" ? `${error.name} ${code}` : error.name };
}
