// One JSON line an event, or a human-readable one with DEBUG=true.
// Callers pass named fields only: no request bodies, headers, cookies, tokens or connection strings.
import { ExplainedError } from "./explained_error.ts";

export type Level = "debug" | "info" | "warn" | "error";
export type Fields = Record<string, string | number | boolean | undefined>;
export type Log = (level: Level, event: string, fields?: Fields) => void;

export interface LogOptions {
  debug: boolean;
  write?: (line: string) => void;
  now?: () => Date;
  /** Hears of each line. */
  count?: (level: Level) => void;
}

export function createLog(options: LogOptions): Log {
  const write = options.write ?? ((line: string) => void process.stdout.write(line));
  const now = options.now ?? (() => new Date());
  return (level, event, fields = {}) => {
    if (level === "debug" && !options.debug) return;
    options.count?.(level);
    const time = now().toISOString();
    // JSON.stringify escapes line breaks in both forms: one event stays one line.
    if (!options.debug) {
      write(`${JSON.stringify({ time, level, service: "web", event, ...fields })}\n`);
      return;
    }
    const details = Object.entries(fields)
      .filter(([, value]) => value !== undefined)
      .map(([key, value]) => ` ${key}=${JSON.stringify(value)}`);
    write(`${time} ${level.toUpperCase()} ${event}${details.join("")}\n`);
  };
}

/** Class and code of an error. Of messages only our own: a database's can quote a row. */
export function errorFields(error: unknown): Fields {
  if (!(error instanceof Error)) return { error: typeof error };
  if (error instanceof ExplainedError) return { error: error.name, hint: error.message };
  const code = (error as { code?: unknown }).code;
  return { error: error.name, ...(typeof code === "string" ? { error_code: code } : {}) };
}
