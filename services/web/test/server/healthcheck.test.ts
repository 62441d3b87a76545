import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { expect, it } from "vitest";
import { SECRET } from "../support/running_web_app.ts";

const HEALTHCHECK = join(import.meta.dirname, "../../dist/server/healthcheck.js");

/** Runs it as a container does, beside a server that answers `status` at /health; null: beside none. */
async function healthcheck(status: number | null, changes: Record<string, string> = {}) {
  const paths: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    paths.push(request.url);
    response.writeHead(status ?? 500).end();
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  if (status === null) server.close();
  const env = {
    PATH: process.env["PATH"],
    BETTER_AUTH_URL: "http://localhost:3000",
    BETTER_AUTH_SECRET: SECRET,
    BETTER_AUTH_DATABASE_URL: "postgresql://localhost/none",
    WEB_PORT: String(port),
    ...changes,
  };
  const child = spawn(process.execPath, [HEALTHCHECK], { env, stdio: ["ignore", "ignore", "pipe"] });
  let output = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (output += text));
  const [code] = (await once(child, "close")) as [number];
  server.close();
  return { code, output, paths };
}

it("says that a server which does not answer is not healthy", async () => {
  const { code, output } = await healthcheck(null);
  expect(code).toBe(1);
  expect(output).toMatch(/^not healthy: /);
});

it("says that a server which answers 503 is not healthy", async () => {
  expect(await healthcheck(503)).toMatchObject({ code: 1, output: "not healthy: it answered 503\n" });
});

it("says what is wrong with the configuration", async () => {
  const { code, output } = await healthcheck(200, { BETTER_AUTH_URL: "" });
  expect(code).toBe(1);
  expect(output).toContain("BETTER_AUTH_URL: is not set");
});

it("asks for liveness, by loopback where the server listens on every interface", async () => {
  expect(await healthcheck(200)).toEqual({ code: 0, output: "", paths: ["/health"] });
  expect(await healthcheck(200, { HOST: "0.0.0.0" })).toEqual({ code: 0, output: "", paths: ["/health"] });
});
