import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { BlockList } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { ConfigError, readConfig } from "../../server/config.ts";

const folder = mkdtempSync(join(tmpdir(), "web-config-"));
afterAll(() => rmSync(folder, { recursive: true }));

const COMPLETE = {
  BETTER_AUTH_URL: "http://localhost:3000",
  BETTER_AUTH_SECRET: "s".repeat(32),
  NEON_DATABASE_URL: "postgresql://todo@localhost/todo",
};

function faultsOf(env: Record<string, string>) {
  try {
    readConfig(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
    throw error;
  }
  return [];
}

describe("readConfig", () => {
  it("has a default for all that is not required", () => {
    expect(readConfig(COMPLETE)).toEqual({
      host: "127.0.0.1",
      port: 3000,
      publicOrigin: "http://localhost:3000",
      secret: "s".repeat(32),
      databaseUrl: "postgresql://todo@localhost/todo",
      signingAlgorithm: "EdDSA",
      apiUrl: "http://localhost:8000",
      authMode: "jwt",
      rateLimit: true,
      trustedProxies: new BlockList(),
      debug: false,
      adminHost: "127.0.0.1",
      adminPort: undefined,
      variables: "BETTER_AUTH_SECRET,BETTER_AUTH_URL,NEON_DATABASE_URL",
    });
  });

  it("prefers BETTER_AUTH_DATABASE_URL", () => {
    const url = "postgresql://auth@localhost/auth";
    expect(readConfig({ ...COMPLETE, BETTER_AUTH_DATABASE_URL: url }).databaseUrl).toBe(url);
  });

  it("takes a trailing slash as the same origin", () => {
    const config = readConfig({ ...COMPLETE, BETTER_AUTH_URL: "https://todo.example.com/" });
    expect(config.publicOrigin).toBe("https://todo.example.com");
  });

  it("takes the addresses and networks of proxies", () => {
    const { trustedProxies } = readConfig({ ...COMPLETE, TRUSTED_PROXIES: "10.0.0.1, 172.16.0.0/12,,fd00::/8" });
    const isTrusted = (address: string) => trustedProxies.check(address);
    expect(["10.0.0.1", "10.0.0.2", "172.31.0.1"].map(isTrusted)).toEqual([true, false, true]);
    expect(trustedProxies.check("fdff::1", "ipv6")).toBe(true);
  });

  it("lists all faults at once, each with an example", () => {
    const faults = faultsOf({
      WEB_PORT: "80000",
      BETTER_AUTH_URL: "todo.example.com",
      BETTER_AUTH_SECRET: "too-short",
      BETTER_AUTH_JWT_ALG: "HS256",
      API_URL: "ftp://api.example.com",
      AUTH_MODE: "cookie",
      AUTH_RATE_LIMIT: "maybe",
      TRUSTED_PROXIES: "10.0.0.1, proxy.example.com",
      DEBUG: "yes please",
    });
    expect(faults.map((fault) => fault.variable).sort()).toEqual([
      "API_URL",
      "AUTH_MODE",
      "AUTH_RATE_LIMIT",
      "BETTER_AUTH_DATABASE_URL",
      "BETTER_AUTH_JWT_ALG",
      "BETTER_AUTH_SECRET",
      "BETTER_AUTH_URL",
      "DEBUG",
      "TRUSTED_PROXIES",
      "WEB_PORT",
    ]);
    for (const fault of faults) expect(fault.example).toContain(`${fault.variable}=`);
  });

  it.each([
    ["BETTER_AUTH_URL", "https://user:pass@example.com"],
    ["BETTER_AUTH_URL", "https://example.com/app"],
    ["BETTER_AUTH_URL", "https://example.com/?x=1"],
    ["API_URL", "nonsense"],
    ["NEON_DATABASE_URL", "mysql://localhost/todo"],
    ["WEB_PORT", "-1"],
    ["WEB_ADMIN_PORT", "none"],
    ["WEB_ADMIN_PORT", "3000"],
  ])("refuses %s=%s", (variable, value) => {
    expect(faultsOf({ ...COMPLETE, [variable]: value }).map((fault) => fault.variable)).toEqual([variable]);
  });

  it("never repeats a secret or a connection string", () => {
    const secret = "short-canary-1";
    const dsn = "mysql://canary-2@localhost/todo";
    const faults = faultsOf({ ...COMPLETE, BETTER_AUTH_SECRET: secret, NEON_DATABASE_URL: dsn });
    expect(faults).toHaveLength(2);
    expect(JSON.stringify(faults)).not.toContain("canary");
  });

  it("reads secrets from files", () => {
    const secretFile = join(folder, "secret");
    const dsnFile = join(folder, "dsn");
    writeFileSync(secretFile, `${"f".repeat(40)}\n`);
    writeFileSync(dsnFile, "postgresql://file@localhost/todo\n");
    const config = readConfig({
      BETTER_AUTH_URL: COMPLETE.BETTER_AUTH_URL,
      BETTER_AUTH_SECRET_FILE: secretFile,
      NEON_DATABASE_URL_FILE: dsnFile,
    });
    expect(config.secret).toBe("f".repeat(40));
    expect(config.databaseUrl).toBe("postgresql://file@localhost/todo");
  });

  it("says once what is wrong with a secret's file", () => {
    const faults = faultsOf({
      ...COMPLETE,
      BETTER_AUTH_SECRET: "",
      BETTER_AUTH_SECRET_FILE: join(folder, "absent"),
    });
    expect(faults).toHaveLength(1);
    expect(faults[0]).toMatchObject({ variable: "BETTER_AUTH_SECRET_FILE" });
    expect(faults[0]?.problem).toContain("ENOENT");
  });

  it("refuses a variable and its file together", () => {
    const faults = faultsOf({ ...COMPLETE, BETTER_AUTH_SECRET_FILE: "/run/secrets/any" });
    expect(faults.map((fault) => fault.variable)).toEqual(["BETTER_AUTH_SECRET_FILE"]);
  });
});
