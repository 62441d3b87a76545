import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { networkInterfaces } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { SECRET } from "../support/running_web_app.ts";

const dist = (name: string) => join(import.meta.dirname, "../../dist/server", name);
const PROGRAMS = [
  ["healthcheck.js", [dist("healthcheck.js")]],
  ["main.js --healthcheck", [dist("main.js"), "--healthcheck"]],
] as const;

// A kernel without IPv6 has no such address to listen at: containers of some engines are like that.
const HAS_IPV6 = Object.values(networkInterfaces()).some((each) => each?.some(({ address }) => address === "::1"));

interface Changes {
  /** Where the server listens. */
  address?: string;
  environment?: Record<string, string>;
}

/** Runs it as a container does, beside a server that answers `status` at /health; null: beside none. */
async function run(
  program: readonly string[],
  status: number | null,
  { address = "127.0.0.1", environment = {} }: Changes = {},
) {
  const paths: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    paths.push(request.url);
    response.writeHead(status ?? 500).end();
  }).listen(0, address);
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  if (status === null) server.close();
  const env = {
    PATH: process.env["PATH"],
    BETTER_AUTH_URL: "http://localhost:3000",
    BETTER_AUTH_SECRET: SECRET,
    BETTER_AUTH_DATABASE_URL: "postgresql://localhost/none",
    WEB_PORT: String(port),
    ...environment,
  };
  const child = spawn(process.execPath, program, { env, stdio: ["ignore", "ignore", "pipe"] });
  let output = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (output += text));
  const [code] = (await once(child, "close")) as [number];
  server.close();
  return { code, output, paths };
}

describe.each(PROGRAMS)("%s", (_, program) => {
  it("says that a server which does not answer is not healthy", async () => {
    const { code, output } = await run(program, null);
    expect({ code, output }).toEqual({ code: 1, output: "web: is not healthy: it does not answer\n" });
  });

  it("says that a server which answers 503 is not healthy", async () => {
    expect(await run(program, 503)).toMatchObject({ code: 1, output: "web: is not healthy: it answers 503\n" });
  });

  it("says what is wrong with the configuration", async () => {
    const { code, output } = await run(program, 200, { environment: { BETTER_AUTH_URL: "" } });
    expect(code).toBe(1);
    expect(output).toContain("BETTER_AUTH_URL: is not set");
  });

  const asksAt = async (address: string, HOST: string) => {
    const outcome = await run(program, 200, { address, environment: { HOST } });
    expect(outcome).toEqual({ code: 0, output: "", paths: ["/health"] });
  };
  it.each(["", "127.0.0.1", "0.0.0.0"])("asks for liveness where HOST is '%s'", (host) => asksAt("127.0.0.1", host));
  it.skipIf(!HAS_IPV6).each(["::1", "::"])("asks for liveness where HOST is '%s'", (host) => asksAt("::1", host));
});
