import { readFileSync } from "node:fs";
import { join } from "node:path";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { createPool } from "../../server/database.ts";
import { createLog } from "../../server/log.ts";
import { databaseErrorClass, Metrics } from "../../server/metrics.ts";
import { ROUTE_NAMES } from "../../server/routes.ts";
import { createDatabase, type TestDatabase } from "../support/database.ts";
import { ORIGIN, type RunningWebApp, startWebApp, testConfig } from "../support/running_web_app.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase(inject("databaseServerUrl"));
});
afterAll(() => database.drop());

const PAGE = join(import.meta.dirname, "../../../../docs/metrics.md");
/** What prom-client tells of Node.js itself. */
const OF_NODE = /^(nodejs_.*|process_heap_bytes|process_cpu_(user|system)_seconds_total)$/;

/** What the tables below these headings say: the names of metrics, each with its labels. */
function documented(...headings: string[]): Record<string, string[]> {
  const quoted = (text: string) => [...text.matchAll(/`([^`]+)`/g)].map(([, name]) => name ?? "");
  const found: Record<string, string[]> = {};
  for (const section of readFileSync(PAGE, "utf8").split(/^## /m)) {
    if (!headings.includes(section.split("\n", 1)[0] ?? "")) continue;
    for (const [, names, labels] of section.matchAll(/^\| ([^|]*) \| (?:counter|gauge|histogram) \|([^|]*)\|/gm)) {
      for (const name of quoted(names ?? "")) found[name] = quoted(labels ?? "").sort();
    }
  }
  return found;
}

/** The value of a series as it stands in a scrape; undefined where it is not there. */
async function valueOf(metrics: Metrics, series: string): Promise<number | undefined> {
  const lines = (await metrics.registry.metrics()).split("\n");
  const line = lines.find((each) => each.startsWith(`${series} `));
  return line === undefined ? undefined : Number(line.slice(series.length + 1));
}

function post(app: RunningWebApp, path: string, body: object, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(app.url + path, {
    method: "POST",
    headers: { "Content-Type": "application/json", Origin: ORIGIN, ...headers },
    body: JSON.stringify(body),
  });
}

const ADA = { name: "Ada", email: "canary@example.test", password: "canary-password" };

describe("the metrics of a running web server", () => {
  let app: RunningWebApp;
  beforeAll(async () => {
    app = await startWebApp(testConfig(database.url));
  });
  afterAll(() => app.close());

  it("have every series that alerts look at from the beginning", async () => {
    for (const series of [
      'auth_sign_ins_total{outcome="failed"}',
      'auth_sign_ups_total{outcome="ok"}',
      'auth_tokens_issued_total{outcome="refused"}',
      'db_errors_total{class="connection"}',
      'log_lines_total{level="error"}',
      "log_lines_dropped_total",
      'http_requests_total{route="/api/auth/token",method="GET",code="503"}',
    ]) {
      expect(await valueOf(app.metrics, series), series).toBe(0);
    }
  });

  it("count unknown paths and methods under one name each", async () => {
    const name = 'http_requests_total{route="unknown",method="GET",code="404"}';
    for (const path of ["/nothing", "/wp-login.php?x=1", "/api/ada/tasks"]) await fetch(app.url + path);
    expect(await valueOf(app.metrics, name)).toBe(3);
    await fetch(`${app.url}/health`, { method: "DELETE" });
    expect(await valueOf(app.metrics, 'http_requests_total{route="/health",method="other",code="405"}')).toBe(1);
    expect(await app.metrics.registry.metrics()).not.toContain("wp-login");
  });

  it("count what came of sign-ups, sign-ins and requests for tokens", async () => {
    expect((await fetch(`${app.url}/api/auth/token`)).status).toBe(401);
    expect((await post(app, "/api/auth/sign-in/email", ADA)).status).toBe(401);
    const signUp = await post(app, "/api/auth/sign-up/email", ADA);
    expect(signUp.status).toBe(200);
    expect((await post(app, "/api/auth/sign-in/email", ADA)).status).toBe(200);
    const cookie = signUp.headers
      .getSetCookie()
      .map((each) => each.split(";", 1)[0])
      .join("; ");
    const token = await fetch(`${app.url}/api/auth/token`, { headers: { Cookie: cookie } });
    expect(token.status).toBe(200);
    for (const [series, value] of [
      ['auth_sign_ups_total{outcome="ok"}', 1],
      ['auth_sign_ins_total{outcome="refused"}', 1],
      ['auth_sign_ins_total{outcome="ok"}', 1],
      ['auth_tokens_issued_total{outcome="refused"}', 1],
      ['auth_tokens_issued_total{outcome="ok"}', 1],
      ['http_requests_total{route="/api/auth/sign-in/email",method="POST",code="401"}', 1],
      ['http_request_duration_seconds_count{route="/api/auth/sign-up/email",method="POST"}', 1],
      ["http_requests_in_flight", 0],
    ] as const) {
      expect(await valueOf(app.metrics, series), series).toBe(value);
    }
    const { token: jwt } = (await token.json()) as { token: string };
    const scrape = await app.metrics.registry.metrics();
    for (const secret of ["canary", jwt, cookie, database.url]) expect(scrape).not.toContain(secret);
  });

  it("tell whether the server is ready, as it was last found", async () => {
    expect((await fetch(`${app.url}/readyz`)).status).toBe(200);
    expect(await valueOf(app.metrics, "service_ready")).toBe(1);
    app.readiness.drain();
    expect(await valueOf(app.metrics, "service_ready")).toBe(0);
  });

  it("are those that docs/metrics.md names, and no others", async () => {
    const told: Record<string, string[]> = {};
    for (const { name, values } of await app.metrics.registry.getMetricsAsJSON()) {
      if (OF_NODE.test(name)) continue;
      const labels = new Set(values.flatMap((value) => Object.keys(value.labels)).filter((label) => label !== "le"));
      told[name] = name === "build_info" ? [] : [...labels].sort();
    }
    expect(told).toEqual(documented("Every process", "Web server"));
  });

  it("tell how the process does", async () => {
    for (const name of ["process_cpu_seconds_total", "process_resident_memory_bytes", "process_start_time_seconds"]) {
      expect(await valueOf(app.metrics, name), name).toBeGreaterThan(0);
    }
    expect(await app.metrics.registry.metrics()).toContain('build_info{version="1.2.3",node="');
  });
});

describe("log lines", () => {
  it("that nobody takes are counted, and so are those that somebody does", async () => {
    const metrics = new Metrics({ version: "0", routes: ROUTE_NAMES });
    let isFull = true;
    const log = createLog({ debug: false, write: () => !isFull, count: (kind) => metrics.logged(kind) });
    log("warning", "lost");
    log("debug", "hidden");
    isFull = false;
    log("warning", "taken");
    expect(await valueOf(metrics, "log_lines_dropped_total")).toBe(1);
    expect(await valueOf(metrics, 'log_lines_total{level="warning"}')).toBe(2);
  });
});

describe("database errors", () => {
  it("are counted by class, whoever runs the statement and however", async () => {
    const metrics = new Metrics({ version: "0", routes: ROUTE_NAMES });
    const onError = (error: unknown) => metrics.databaseFailed(error);
    const pool = createPool({ databaseUrl: database.url, log: () => undefined, onError });
    await expect(pool.query("SELECT nothing()")).rejects.toThrow();
    const client = await pool.connect();
    await expect(client.query("SELECT nothing")).rejects.toThrow();
    client.release();
    await pool.end();
    expect(await valueOf(metrics, 'db_errors_total{class="statement"}')).toBe(2);
    const lost = createPool({ databaseUrl: "postgresql://127.0.0.1:1/none", log: () => undefined, onError });
    await expect(lost.query("SELECT 1")).rejects.toThrow();
    await lost.end();
    expect(await valueOf(metrics, 'db_errors_total{class="connection"}')).toBe(1);
  });

  it.each([
    ["57014", "timeout"],
    ["40001", "conflict"],
    ["57P01", "refused"],
    ["25006", "refused"],
    ["08006", "connection"],
    ["42P01", "statement"],
    ["ECONNREFUSED", "connection"],
    ["23502", "statement"],
    ["23505", undefined],
    ["22021", undefined],
    ["54000", undefined],
  ])("of code %s are of the class %s", (code, expected) => {
    expect(databaseErrorClass(Object.assign(new pg.DatabaseError("", 0, "error"), { code }))).toBe(expected);
  });

  it("of time are told by their message", () => {
    expect(databaseErrorClass(new Error("Query read timeout"))).toBe("timeout");
    expect(databaseErrorClass(new Error("timeout exceeded when trying to connect"))).toBe("timeout");
    expect(databaseErrorClass(new Error("Connection terminated unexpectedly"))).toBe("connection");
  });
});
