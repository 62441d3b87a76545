import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { request as httpRequest } from "node:http";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { loadStaticFiles } from "../../server/static_files.ts";
import { post } from "../support/account.ts";
import { createDatabase, type TestDatabase } from "../support/database.ts";
import { type RunningWebApp, startWebApp, testConfig } from "../support/running_web_app.ts";

let database: TestDatabase;
let app: RunningWebApp;
let folder: string;
const SCRIPT = "console.log('hello');".repeat(50);

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "web-static-"));
  const root = join(folder, "app");
  mkdirSync(join(root, "assets"), { recursive: true });
  writeFileSync(join(root, "index.html"), "<!doctype html><title>todos</title>");
  writeFileSync(join(root, "assets", "main-a1b2c3.js"), SCRIPT);
  writeFileSync(join(folder, "outside.txt"), "outside the folder");
  database = await createDatabase(inject("databaseServerUrl"));
  app = await startWebApp(testConfig(database.url), { files: loadStaticFiles(root) });
});
afterAll(async () => {
  await app.close();
  await database.drop();
  rmSync(folder, { recursive: true });
});

/** fetch tidies paths up; this sends them as they are. */
function rawStatus(path: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    httpRequest(app.url, { path }, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .on("error", reject)
      .end();
  });
}

/** Writes bytes that need not be HTTP and gives back all that is answered. */
function rawExchange(bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(app.url).port), "127.0.0.1");
    let answer = "";
    socket.setEncoding("utf8");
    socket.on("data", (text: string) => (answer += text));
    socket.on("end", () => resolve(answer));
    socket.on("error", reject);
    socket.write(bytes);
  });
}

const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; " +
  "connect-src 'self' http://api.example.test; manifest-src 'self'; worker-src 'self'; base-uri 'none'; " +
  "form-action 'self'; frame-ancestors 'none'; require-trusted-types-for 'script'";

describe("security headers", () => {
  it.each([
    ["/", 200],
    ["/assets/main-a1b2c3.js", 200],
    ["/config.json", 200],
    ["/health", 200],
    ["/.well-known/jwks.json", 200],
    ["/api/auth/get-session", 200],
    ["/api/auth/token", 401],
    ["/api/auth/no-such-path", 404],
    ["/no-such-path", 404],
  ])("are on %s, which answers %i", async (path, status) => {
    const response = await fetch(app.url + path);
    await response.arrayBuffer();
    expect(response.status).toBe(status);
    expect(response.headers.get("content-security-policy")).toBe(POLICY);
    expect(response.headers.get("x-frame-options")).toBe("DENY");
    expect(response.headers.get("x-content-type-options")).toBe("nosniff");
    expect(response.headers.get("referrer-policy")).toBe("strict-origin-when-cross-origin");
  });

  it("are on the answer to bytes that are not HTTP", async () => {
    const answer = await rawExchange("nonsense\r\n\r\n");
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(answer).toContain(POLICY);
  });

  it("are on the answer to headers that are too large", async () => {
    const answer = await rawExchange(`GET / HTTP/1.1\r\nHost: x\r\nX-Long: ${"x".repeat(20_000)}\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1\.1 431 /);
    expect(answer).toContain("X-Frame-Options: DENY");
  });
});

describe("static files", () => {
  it("serve the app at / and have it checked again each time", async () => {
    const response = await fetch(`${app.url}/`);
    expect(await response.text()).toContain("<title>todos</title>");
    expect(response.headers.get("content-type")).toBe("text/html; charset=utf-8");
    expect(response.headers.get("cache-control")).toBe("no-cache");
  });

  it("may be kept for good when their name has a hash", async () => {
    const response = await fetch(`${app.url}/assets/main-a1b2c3.js`);
    expect(await response.text()).toBe(SCRIPT);
    expect(response.headers.get("content-type")).toBe("text/javascript; charset=utf-8");
    expect(response.headers.get("cache-control")).toBe("public, max-age=31536000, immutable");
  });

  it.each(["br", "gzip", null])("are compressed as the client can read: %s", async (encoding) => {
    const response = await fetch(`${app.url}/assets/main-a1b2c3.js`, {
      headers: { "Accept-Encoding": encoding ?? "identity, br;q=0" },
    });
    expect(response.headers.get("content-encoding")).toBe(encoding);
    expect(await response.text()).toBe(SCRIPT);
  });

  it("answer HEAD with the same headers and no body", async () => {
    const response = await fetch(`${app.url}/`, { method: "HEAD", headers: { "Accept-Encoding": "identity" } });
    expect(response.status).toBe(200);
    expect(response.headers.get("content-length")).toBe("35");
    expect(await response.text()).toBe("");
  });

  it("answer 304 to who has them already", async () => {
    const etag = (await fetch(`${app.url}/`)).headers.get("etag") ?? "";
    const response = await fetch(`${app.url}/`, { headers: { "If-None-Match": etag } });
    expect(response.status).toBe(304);
  });

  it.each([
    "/../outside.txt",
    "/assets/../../outside.txt",
    "/%2e%2e/outside.txt",
    "/..%2foutside.txt",
    "/assets/..%5c..%5coutside.txt",
    "//outside.txt",
    "/assets/",
    "/index.html%00",
    "/.env",
  ])("do not lead out of their folder: %s", async (path) => {
    expect(await rawStatus(path)).toBe(404);
  });
});

describe("requests", () => {
  it("with a method that a path does not have are 405 and told which it has", async () => {
    const response = await post(`${app.url}/config.json`, {});
    expect(response.status).toBe(405);
    expect(response.headers.get("allow")).toBe("GET, HEAD");
    expect(response.headers.get("content-type")).toBe("application/problem+json");
  });

  it("with a body that is too large are 413", async () => {
    const response = await post(`${app.url}/api/auth/sign-in/email`, { email: "x".repeat(70_000) });
    expect(response.status).toBe(413);
  });

  it("with a body that is too large and not announced are 413", async () => {
    const chunk = `${(20_000).toString(16)}\r\n${"x".repeat(20_000)}\r\n`;
    const head =
      "POST /api/auth/sign-in/email HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n" +
      "Transfer-Encoding: chunked\r\n\r\n";
    expect(await rawExchange(head + chunk.repeat(5))).toMatch(/^HTTP\/1\.1 413 /);
  });

  it("from another origin may not sign anyone in", async () => {
    const response = await fetch(`${app.url}/api/auth/sign-in/email`, {
      method: "POST",
      headers: { "Content-Type": "application/json", Origin: "http://evil.example.test", Cookie: "a=b" },
      body: JSON.stringify({ email: "ada@example.test", password: "whatever it is" }),
    });
    expect(response.status).toBe(403);
  });
});

describe("what the browser app and operators ask", () => {
  it("/config.json names the API", async () => {
    const response = await fetch(`${app.url}/config.json`);
    expect(await response.json()).toEqual({ api_url: "http://api.example.test", auth_mode: "jwt" });
  });

  it("/health answers without the database, /readyz does not", async () => {
    const url = "postgresql://nobody@localhost/none?host=/nonexistent";
    const lonely = await startWebApp(testConfig(url), { migrated: false });
    const health = await fetch(`${lonely.url}/health`);
    expect(health.status).toBe(200);
    expect(await health.json()).toEqual({ status: "healthy" });
    const ready = await fetch(`${lonely.url}/readyz`);
    expect(ready.status).toBe(503);
    expect(ready.headers.get("retry-after")).toBe("1");
    await lonely.close();
  });

  it("/readyz answers 200 with the database and 503 once the server drains", async () => {
    expect((await fetch(`${app.url}/readyz`)).status).toBe(200);
    const draining = await startWebApp(testConfig(database.url));
    draining.readiness.drain();
    expect((await fetch(`${draining.url}/readyz`)).status).toBe(503);
    await draining.close();
  });
});
