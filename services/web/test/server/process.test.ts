import { type ChildProcess, spawn } from "node:child_process";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { createDatabase, type TestDatabase } from "../support/database.ts";
import { SECRET } from "../support/running_web_app.ts";

const MAIN = join(import.meta.dirname, "../../dist/server/main.js");
let database: TestDatabase;

beforeAll(async () => {
  database = await createDatabase(inject("databaseServerUrl"));
});
afterAll(() => database.drop());

interface Run {
  child: ChildProcess;
  output(): string;
  exit: Promise<number | null>;
  line(event: string): Promise<Record<string, unknown>>;
}

function run(args: string[], environment: Record<string, string>): Run {
  const env = { PATH: process.env["PATH"], ...environment };
  const child = spawn(process.execPath, [MAIN, ...args], { env, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  const listeners = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      output += text;
      for (const listener of listeners) listener();
    });
  }
  const exit = new Promise<number | null>((resolve) => child.on("close", resolve));
  const line = (event: string) =>
    new Promise<Record<string, unknown>>((resolve, reject) => {
      const look = () => {
        const found = output.split("\n").find((each) => each.includes(`"event":"${event}"`));
        if (found !== undefined) resolve(JSON.parse(found) as Record<string, unknown>);
      };
      listeners.add(look);
      void exit.then(() => reject(new Error(`ended without ${event}: ${output}`)));
      look();
    });
  return { child, output: () => output, exit, line };
}

function environment(changes: Record<string, string> = {}): Record<string, string> {
  return {
    BETTER_AUTH_URL: "http://web.example.test",
    BETTER_AUTH_SECRET: SECRET,
    NEON_DATABASE_URL: database.url,
    WEB_PORT: "0",
    ...changes,
  };
}

/** Keeps everyone else from the users' table, so that a call stays in flight as long as the test likes. */
async function lockUsers() {
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  await client.query('BEGIN; LOCK TABLE auth."user" IN ACCESS EXCLUSIVE MODE');
  return {
    async someoneWaits(): Promise<void> {
      const waiting = "SELECT 1 FROM pg_locks WHERE NOT granted AND relation = 'auth.user'::regclass";
      while ((await client.query(waiting)).rows.length === 0);
    },
    release: () => client.end(),
  };
}

describe("main.js --check-config", () => {
  it("exits 0 when all is well, without asking the database", async () => {
    const check = run(["--check-config"], environment({ NEON_DATABASE_URL: "postgresql://nobody@localhost/none" }));
    expect(await check.exit).toBe(0);
    expect(check.output()).toBe("The configuration is complete.\n");
  });

  it("exits 1 and lists every fault with an example", async () => {
    const check = run(["--check-config"], { WEB_PORT: "http", BETTER_AUTH_JWT_ALG: "none" });
    expect(await check.exit).toBe(1);
    for (const variable of [
      "WEB_PORT",
      "BETTER_AUTH_JWT_ALG",
      "BETTER_AUTH_URL",
      "BETTER_AUTH_SECRET",
      "BETTER_AUTH_DATABASE_URL",
    ]) {
      expect(check.output()).toMatch(new RegExp(`^${variable}: .*\n    example: ${variable}=`, "m"));
    }
  });
});

describe("main.js", () => {
  it("migrates, twice if told so", async () => {
    expect(await run(["migrate"], environment()).exit).toBe(0);
    expect(await run(["migrate"], environment()).exit).toBe(0);
  });

  it("says so when the database cannot be migrated, without its address", async () => {
    const url = "postgresql://canary-user:canary-password@127.0.0.1:1/canary-db";
    const migration = run(["migrate"], environment({ NEON_DATABASE_URL: url }));
    expect(await migration.exit).toBe(1);
    expect(migration.output()).toContain("migration_failed");
    expect(migration.output()).not.toContain("canary");
  });

  it("serves the app", async () => {
    const server = run([], environment());
    const { port } = await server.line("listening");
    const page = await fetch(`http://127.0.0.1:${String(port)}/`);
    expect(await page.text()).toContain('<div id="app">');
    server.child.kill("SIGINT");
    expect(await server.exit).toBe(0);
  });

  it("finishes the call in flight on SIGTERM, then exits 0", async () => {
    const server = run([], environment());
    const { port } = await server.line("listening");
    await server.line("signing_keys_ready");
    const lock = await lockUsers();
    const signUp = fetch(`http://127.0.0.1:${String(port)}/api/auth/sign-up/email`, {
      method: "POST",
      headers: { "Content-Type": "application/json", Origin: "http://web.example.test" },
      body: JSON.stringify({ name: "Ada", email: "ada@example.test", password: "a long password" }),
    });
    await lock.someoneWaits();
    server.child.kill("SIGTERM");
    await server.line("draining");
    await lock.release();
    expect((await signUp).status).toBe(200);
    expect(await server.exit).toBe(0);
    expect(await server.line("stopped")).toMatchObject({ in_flight_finished: true });
  });

  it("tells operators how it is on its admin port, also while it stops", async () => {
    const server = run([], environment({ WEB_ADMIN_PORT: "0" }));
    const { port, address } = await server.line("listening_admin");
    expect(address).toBe("127.0.0.1");
    await server.line("signing_keys_ready");
    const get = (path: string) => fetch(`http://127.0.0.1:${String(port)}${path}`);
    expect((await get("/readyz")).status).toBe(200);
    const metrics = await get("/metrics");
    expect(metrics.headers.get("content-type")).toBe("text/plain; version=0.0.4; charset=utf-8");
    const scrape = await metrics.text();
    expect(scrape).toContain("\nservice_ready 1\n");
    for (const secret of [SECRET, database.url]) expect(scrape).not.toContain(secret);
    expect((await get("/")).status).toBe(404);
    const user = (await server.line("listening"))["port"];
    expect((await fetch(`http://127.0.0.1:${String(user)}/metrics`)).status).toBe(404);

    const lock = await lockUsers();
    const signUp = fetch(`http://127.0.0.1:${String(user)}/api/auth/sign-up/email`, {
      method: "POST",
      headers: { "Content-Type": "application/json", Origin: "http://web.example.test" },
      body: JSON.stringify({ name: "Eve", email: "eve@example.test", password: "a long password" }),
    });
    await lock.someoneWaits();
    server.child.kill("SIGTERM");
    await server.line("draining");
    expect((await get("/readyz")).status).toBe(503);
    expect((await get("/health")).status).toBe(200);
    await lock.release();
    expect((await signUp).status).toBe(200);
    expect(await server.exit).toBe(0);
  });

  it("names the admin port that is in use", async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
    const { port } = other.address() as AddressInfo;
    const server = run([], environment({ WEB_ADMIN_PORT: String(port) }));
    expect(await server.exit).toBe(1);
    expect(server.output()).toContain(`set WEB_ADMIN_PORT to another port`);
    other.close();
  });

  it("names the port that is in use", async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
    const { port } = other.address() as AddressInfo;
    const server = run([], environment({ WEB_PORT: String(port) }));
    expect(await server.exit).toBe(1);
    expect(server.output()).toContain(`Port ${port} is in use.`);
    other.close();
  });
});
