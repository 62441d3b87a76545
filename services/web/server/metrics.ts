// What Prometheus is told: names and labels as docs/metrics.md has them. Label values come from fixed sets, never from a
// client.
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import type { Level } from "./log.ts";

const METHODS = ["GET", "HEAD", "POST"] as const;
const OUTCOMES = ["ok", "refused", "limited", "failed"] as const;
const LEVELS = ["info", "warning", "error"] as const;
export const DATABASE_ERROR_CLASSES = ["connection", "timeout", "conflict", "refused", "statement"] as const;
/** As the other services have them; in seconds. */
const BUCKETS = [0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
/** Auth paths that are counted by what came of them, and the metric that does. */
const AUTH_EVENTS: Record<string, string> = {
  "/api/auth/sign-up/email": "auth_sign_ups_total",
  "/api/auth/sign-in/email": "auth_sign_ins_total",
  "/api/auth/token": "auth_tokens_issued_total",
};
const HELP: Record<string, string> = {
  auth_sign_ups_total: "Attempts to create an account, by outcome.",
  auth_sign_ins_total: "Attempts to sign in, by outcome.",
  auth_tokens_issued_total: "Requests for a JWT, by outcome.",
};

export type DatabaseErrorClass = (typeof DATABASE_ERROR_CLASSES)[number];

export interface MetricsOptions {
  version: string;
  /** The names of all routes, so that each has its series from the beginning. */
  routes: readonly string[];
}

/** The metrics of one process, or of one test. */
export class Metrics {
  readonly registry = new Registry();
  readonly #requests = this.#counter("http_requests_total", "Requests that were answered.", [
    "route",
    "method",
    "code",
  ]);
  readonly #duration = new Histogram({
    name: "http_request_duration_seconds",
    help: "Time from the arrival of a request to its answer.",
    labelNames: ["route", "method"],
    buckets: BUCKETS,
    registers: [this.registry],
  });
  readonly #inFlight = this.#gauge("http_requests_in_flight", "Requests that are being answered.");
  readonly #authEvents = new Map(
    Object.entries(AUTH_EVENTS).map(([route, name]) => [route, this.#counter(name, HELP[name] ?? "", ["outcome"])]),
  );
  readonly #countedErrors = new WeakSet<Error>();
  readonly #databaseErrors = this.#counter("db_errors_total", "Statements that failed.", ["class"]);
  readonly #logLines = this.#counter("log_lines_total", "Log lines by level.", ["level"]);
  readonly #logLinesDropped = this.#counter("log_lines_dropped_total", "Log lines that could not be written.", []);

  constructor({ version, routes }: MetricsOptions) {
    collectDefaultMetrics({ register: this.registry });
    const build = this.#gauge("build_info", "Always 1; the labels say what runs.", ["version", "node"]);
    build.set({ version, node: process.versions.node }, 1);
    for (const route of routes) {
      for (const code of route === "unknown" ? ["404"] : ["200", "500", "503"])
        this.#requests.inc({ route, method: "GET", code }, 0);
      this.#duration.zero({ route, method: "GET" });
    }
    for (const counter of this.#authEvents.values()) for (const outcome of OUTCOMES) counter.inc({ outcome }, 0);
    for (const level of LEVELS) this.#logLines.inc({ level }, 0);
    for (const each of DATABASE_ERROR_CLASSES) this.#databaseErrors.inc({ class: each }, 0);
  }

  /** `route` is a route's name, `unknown` for none. The result is to be called when the answer is there. */
  requestBegins(route: string, method: string | undefined): (status: number) => void {
    const started = performance.now();
    const labels = { route, method: METHODS.find((known) => known === method) ?? "other" };
    this.#inFlight.inc();
    return (status) => {
      this.#inFlight.dec();
      this.#requests.inc({ ...labels, code: String(status) });
      this.#duration.observe(labels, (performance.now() - started) / 1000);
      if (method !== "OPTIONS") this.#authEvents.get(route)?.inc({ outcome: outcomeOf(status) });
    };
  }

  /** An error that is told of again counts once. */
  databaseFailed(error: unknown): void {
    if (error instanceof Error && this.#countedErrors.has(error)) return;
    if (error instanceof Error) this.#countedErrors.add(error);
    const errorClass = databaseErrorClass(error);
    if (errorClass !== undefined) this.#databaseErrors.inc({ class: errorClass });
  }

  /** A line of this level, or one that was lost on the way. */
  logged(kind: Level | "dropped"): void {
    if (kind === "dropped") this.#logLinesDropped.inc();
    else if (kind !== "debug") this.#logLines.inc({ level: kind });
  }

  /** Whether the process may be given work, as it was last found. */
  watchReadiness(isReady: () => boolean): void {
    new Gauge({
      name: "service_ready",
      help: "1 where the process may be given work, else 0.",
      registers: [this.registry],
      collect() {
        this.set(isReady() ? 1 : 0);
      },
    });
  }

  #counter<Label extends string>(name: string, help: string, labelNames: readonly Label[]): Counter<Label> {
    return new Counter({ name, help, labelNames, registers: [this.registry] });
  }

  #gauge<Label extends string>(name: string, help: string, labelNames: readonly Label[] = []): Gauge<Label> {
    return new Gauge({ name, help, labelNames, registers: [this.registry] });
  }
}

function outcomeOf(status: number): (typeof OUTCOMES)[number] {
  if (status < 400) return "ok";
  if (status === 429) return "limited";
  return status < 500 ? "refused" : "failed";
}

/**
 * By SQLSTATE, else by what node-postgres says; undefined for what is no fault of the database's, nor ours: what somebody
 * has sent is there already, is no text to PostgreSQL (class 22), or is too much for it (class 54).
 */
export function databaseErrorClass(error: unknown): DatabaseErrorClass | undefined {
  const { code, message } = error as { code?: unknown; message?: unknown };
  const state = typeof code === "string" && /^[0-9A-Z]{5}$/.test(code) ? code : "";
  if (state === "") return /time(d )?out/i.test(String(message)) ? "timeout" : "connection";
  if (/^(22|54|23505)/.test(state)) return undefined;
  if (state === "57014") return "timeout";
  if (state === "40001" || state === "40P01") return "conflict";
  if (state === "25006" || /^(53|57P|58)/.test(state)) return "refused";
  return state.startsWith("08") ? "connection" : "statement";
}
