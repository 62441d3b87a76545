// How each process takes its configuration: every fault at once, secrets from files, and nothing that contradicts itself.
import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { after, before, describe, test } from "node:test";
import { createDatabase } from "../e2e/support/database.mjs";
import { COMMANDS, runProcess } from "./support/processes.mjs";

const SECRET = "a secret of forty characters: 0123456789";
const DATABASE = "postgresql://ada:hunter2-canary@127.0.0.1:1/todo";

/** What each process is content with. */
const GOOD = {
  verifier: { BETTER_AUTH_URL: "https://auth.example.com" },
  todo: { NEON_DATABASE_URL: DATABASE },
  gateway: {},
  web: { BETTER_AUTH_URL: "https://auth.example.com", BETTER_AUTH_SECRET: SECRET, NEON_DATABASE_URL: DATABASE },
};

/** [what is set beside or instead of that, the variables that are at fault] */
const BAD = {
  verifier: [
    [{ BETTER_AUTH_URL: "" }, "BETTER_AUTH_URL"],
    [{ BETTER_AUTH_URL: "auth.example.com" }, "BETTER_AUTH_URL"],
    [{ BETTER_AUTH_URL: "http://auth.example.com" }, "BETTER_AUTH_URL"],
    [{ BETTER_AUTH_JWKS_URL: "ftp://x" }, "BETTER_AUTH_JWKS_URL"],
    [{ BETTER_AUTH_JWKS_URL: "https://x.test/jwks", TOKEN_ISSUERS: '[{"issuer":"https://x.test"}]' }, "BETTER_AUTH_JWKS_URL"],
    [{ TOKEN_ISSUERS: "[" }, "TOKEN_ISSUERS"],
    [{ TOKEN_ISSUERS: "[]" }, "TOKEN_ISSUERS"],
    [{ TOKEN_ISSUERS: '[{"issuer":"https://x.test"},{"issuer":"https://x.test"}]' }, "TOKEN_ISSUERS"],
    [{ TOKEN_CLOCK_SKEW_SECONDS: "601" }, "TOKEN_CLOCK_SKEW_SECONDS"],
    [{ JWKS_MIN_CACHE_SECONDS: "120", JWKS_CACHE_SECONDS: "60" }, "JWKS_MIN_CACHE_SECONDS"],
    [{ JWKS_CONNECT_TIMEOUT_MILLISECONDS: "2000", JWKS_TIMEOUT_MILLISECONDS: "1000" }, "JWKS_CONNECT_TIMEOUT_MILLISECONDS"],
    [{ JWKS_RSA_ALGORITHM: "ES256" }, "JWKS_RSA_ALGORITHM"],
    [{ BETTER_AUTH_SECRET: "hunter2-canary" }, "BETTER_AUTH_SECRET"],
    [{ BETTER_AUTH_SECRET: SECRET, BETTER_AUTH_SECRET_FILE: "/dev/null" }, "BETTER_AUTH_SECRET"],
    [{ BETTER_AUTH_SECRET_FILE: "/nowhere" }, "BETTER_AUTH_SECRET_FILE"],
    [{ AUTH_MODE: "cookies" }, "AUTH_MODE"],
    [{ VERIFIER_PORT: "65536" }, "VERIFIER_PORT"],
    [{ FORWARD_AUTH_PORT: "x" }, "FORWARD_AUTH_PORT"],
    [{ DEBUG: "perhaps" }, "DEBUG"],
    [{ HOST: "0.0.0.0" }, "HOST"],
    [{ GRPC_TLS_CERTIFICATE_FILE: "/nowhere" }, "GRPC_TLS_KEY_FILE", "GRPC_TLS_CA_FILE", "GRPC_TLS_ALLOWED_PEERS"],
  ],
  todo: [
    [{ NEON_DATABASE_URL: "" }, "NEON_DATABASE_URL"],
    [{ NEON_DATABASE_URL: "hunter2-canary" }, "NEON_DATABASE_URL"],
    [{ NEON_DATABASE_URL_FILE: "/nowhere" }, "NEON_DATABASE_URL"],
    [{ NEON_DATABASE_URL: "", NEON_DATABASE_URL_FILE: "/nowhere" }, "NEON_DATABASE_URL_FILE"],
    [{ NEON_DATABASE_DIRECT_URL: "mysql://hunter2-canary@x" }, "NEON_DATABASE_DIRECT_URL"],
    [{ TODO_PORT: "-1" }, "TODO_PORT"],
    [{ VERIFIER_ADDRESS: "http://127.0.0.1:50052" }, "VERIFIER_ADDRESS"],
    [{ VERIFIER_ADDRESS: "verifier.internal:50052" }, "VERIFIER_ADDRESS"],
    [{ DATABASE_POOL_SIZE: "0" }, "DATABASE_POOL_SIZE"],
    [{ USER_RATE: "many" }, "USER_RATE"],
    [{ DEBUG: "2" }, "DEBUG"],
    [{ HOST: "0.0.0.0" }, "HOST"],
    [{ GRPC_TLS_KEY_FILE: "/nowhere" }, "GRPC_TLS_CERTIFICATE_FILE", "GRPC_TLS_CA_FILE"],
  ],
  gateway: [
    [{ PORT: "http" }, "PORT"],
    [{ DEBUG: "yes" }, "DEBUG"],
    [{ ALLOWED_ORIGINS: "*" }, "ALLOWED_ORIGINS"],
    [{ ALLOWED_ORIGINS: "https://a.test/path" }, "ALLOWED_ORIGINS"],
    [{ TRUSTED_PROXIES: "10.0.0.0/33" }, "TRUSTED_PROXIES"],
    [{ AUTH_MODE: "none" }, "AUTH_MODE"],
    [{ TODO_ADDRESS: "todo.internal:50051" }, "TODO_ADDRESS"],
    [{ TLS_CERTIFICATE_FILE: "/nowhere" }, "TLS_KEY_FILE"],
    [{ TLS_CERTIFICATE_FILE: "/nowhere", TLS_KEY_FILE: "/nowhere" }, "TLS_CERTIFICATE_FILE"],
    [{ GRPC_TLS_CA_FILE: "/nowhere" }, "GRPC_TLS_CERTIFICATE_FILE", "GRPC_TLS_KEY_FILE"],
  ],
  web: [
    [{ BETTER_AUTH_URL: "" }, "BETTER_AUTH_URL"],
    [{ BETTER_AUTH_URL: "https://auth.example.com/path" }, "BETTER_AUTH_URL"],
    [{ BETTER_AUTH_SECRET: "hunter2-canary" }, "BETTER_AUTH_SECRET"],
    [{ BETTER_AUTH_SECRET: "", BETTER_AUTH_SECRET_FILE: "/nowhere" }, "BETTER_AUTH_SECRET_FILE"],
    [{ BETTER_AUTH_SECRET_FILE: "/dev/null" }, "BETTER_AUTH_SECRET_FILE"],
    [{ NEON_DATABASE_URL: "hunter2-canary" }, "NEON_DATABASE_URL"],
    [{ BETTER_AUTH_DATABASE_URL: "mysql://hunter2-canary@x" }, "BETTER_AUTH_DATABASE_URL"],
    [{ BETTER_AUTH_JWT_ALG: "none" }, "BETTER_AUTH_JWT_ALG"],
    [{ API_URL: "api" }, "API_URL"],
    [{ WEB_PORT: "70000" }, "WEB_PORT"],
    [{ AUTH_MODE: "jwt,cookies" }, "AUTH_MODE"],
    [{ AUTH_RATE_LIMIT: "5" }, "AUTH_RATE_LIMIT"],
    [{ DEBUG: "on" }, "DEBUG"],
  ],
};

/** Several faults at once. */
const MANY = {
  verifier: { BETTER_AUTH_URL: "x", VERIFIER_PORT: "x", DEBUG: "x", AUTH_MODE: "x", TOKEN_ISSUERS: "[", JWKS_RSA_ALGORITHM: "x" },
  todo: { NEON_DATABASE_URL: "x", TODO_PORT: "x", DEBUG: "x", USER_RATE: "x", DATABASE_POOL_SIZE: "x", VERIFIER_ADDRESS: "http://x" },
  gateway: { PORT: "x", DEBUG: "x", ALLOWED_ORIGINS: "*", TRUSTED_PROXIES: "x", AUTH_MODE: "x" },
  web: { BETTER_AUTH_URL: "x", BETTER_AUTH_SECRET: "x", NEON_DATABASE_URL: "x", WEB_PORT: "x", DEBUG: "x", AUTH_MODE: "x" },
};

for (const [name, rows] of Object.entries(BAD)) {
  describe(name, () => {
    for (const [variables, ...faults] of rows) {
      const text = Object.entries(variables).map(([variable, value]) => `${variable}=${value}`).join(" ");
      test(`refuses ${text}`, async () => {
        const { code, output } = await runProcess(name, ["--check-config"], { ...GOOD[name], ...variables });
        assert.equal(code, 1, output);
        for (const variable of faults) assert.match(output, new RegExp(`\\b${variable}\\b`), output);
        assert.doesNotMatch(output, /hunter2/);
      });
    }

    test("lists every fault at once, each with what would be right, and does not start", async () => {
      const check = await runProcess(name, ["--check-config"], { ...GOOD[name], ...MANY[name] });
      assert.equal(check.code, 1, check.output);
      for (const variable of Object.keys(MANY[name])) {
        assert.match(check.output, new RegExp(`^(?:[a-z-]+: )?${variable}\\b.*\\s+\\(?example: ${variable}=`, "m"), check.output);
      }
      assert.deepEqual(await runProcess(name, [], { ...GOOD[name], ...MANY[name] }), check);
    });

    test("tells its version without a configuration", async () => {
      const { code, output } = await runProcess(name, ["--version"]);
      assert.equal(code, 0, output);
      assert.match(output, /^[a-z-]+ \d+\.\d+\.\d+\n$/);
    });

    test("is not healthy where it does not run", async () => {
      const port = { verifier: "VERIFIER_PORT", todo: "TODO_PORT", gateway: "PORT", web: "WEB_PORT" }[name];
      const { code, output } = await runProcess(name, ["--healthcheck"], { ...GOOD[name], [port]: "1" });
      assert.equal(code, 1, output);
      assert.match(output, /healthy|answer|connect|refused|unavailable/i);
    });

    test("refuses a command that it does not know", async () => {
      assert.equal((await runProcess(name, ["--nonsense"], GOOD[name])).code, 1);
    });
  });
}

describe("what is fine", () => {
  let folder;
  before(async () => {
    folder = await mkdtemp("/tmp/todo-configuration-");
  });
  after(() => rm(folder, { recursive: true, force: true }));

  test("is fine with --check-config", async () => {
    const todo = { NEON_DATABASE_URL: await createDatabase() };
    for (const name of Object.keys(COMMANDS)) {
      const { code, output } = await runProcess(name, ["--check-config"], { ...GOOD[name], ...(name === "todo" ? todo : {}) });
      assert.equal(code, 0, `${name}: ${output}`);
    }
  });

  test("is told from a database that cannot be reached", async () => {
    const { code, output } = await runProcess("todo", ["--check-config"], GOOD.todo);
    assert.equal(code, 2, output);
    assert.doesNotMatch(output, /hunter2/);
  });

  test("can come from files, each secret of each process", async () => {
    const database = await createDatabase();
    for (const [name, secrets] of Object.entries({
      verifier: { BETTER_AUTH_SECRET: SECRET },
      todo: { NEON_DATABASE_URL: database, NEON_DATABASE_DIRECT_URL: database },
      web: { BETTER_AUTH_SECRET: SECRET, BETTER_AUTH_DATABASE_URL: database, NEON_DATABASE_URL: database },
    })) {
      const variables = { ...GOOD[name] };
      for (const [variable, value] of Object.entries(secrets)) {
        await writeFile(`${folder}/${variable}`, `${value}\n`);
        variables[`${variable}_FILE`] = `${folder}/${variable}`;
        delete variables[variable];
      }
      const { code, output } = await runProcess(name, ["--check-config"], variables);
      assert.equal(code, 0, `${name}: ${output}`);
    }
  });
});
