// The deployment guide's steps, one after the other, as somebody takes them who has a Better Auth and a PostgreSQL elsewhere: environment,
// validate, deploy, verify, roll back, forward again.
import assert from "node:assert/strict";
import { chmod, mkdtemp, readFile, readdir, rm, symlink, writeFile } from "node:fs/promises";
import { after, before, describe, test } from "node:test";
import { Child, run } from "./support/children.mjs";
import { cookie, jwt } from "./support/credentials.mjs";
import { createDatabase } from "./support/database.mjs";
import { commandsOf, type } from "./support/document.mjs";
import { assertProblem, request } from "./support/http.mjs";
import { freePorts } from "./support/ports.mjs";
import { root } from "./support/stack.mjs";
import { signUp } from "./support/user.mjs";

describe("the deployment guide", { timeout: 600_000 }, () => {
  const SECRET = "5f4d".repeat(16);
  let backend, environment, frontend, api, webUrl, apiUrl, databases, user;

  /** The frontend's own server, in this mode. */
  async function startFrontend(mode) {
    await frontend?.stop();
    const main = `${root}services/web/dist/server/main.js`;
    const env = { PATH: process.env.PATH, WEB_PORT: new URL(webUrl).port, BETTER_AUTH_URL: webUrl, API_URL: apiUrl,
      BETTER_AUTH_DATABASE_URL: databases[1], BETTER_AUTH_SECRET: SECRET, AUTH_MODE: mode, AUTH_RATE_LIMIT: "false" };
    const { code, output } = await run("node", [main, "migrate"], { env });
    assert.equal(code, 0, output);
    frontend = new Child("node", [main], { env });
    await frontend.waitFor(/"signing_keys_ready"/);
  }

  /** Step 3, Deploy Backend. */
  async function deploy() {
    await api?.stop("SIGTERM");
    api = new Child(`${root}scripts/run`, [`${backend}/.env`], { env: environment });
    await api.waitFor(/^ready (\S+)$/m);
  }

  const validate = () => run("./scripts/validate-jwt-config.sh", [], { cwd: backend, env: environment });
  const titles = async (credential) => {
    const answer = await request("GET", `${apiUrl}/api/${user.id}/tasks`, { headers: await credential({ webUrl, apiUrl }, user) });
    assert.equal(answer.status, 200, answer.text);
    return answer.json.items.map(({ title }) => title);
  };

  before(async () => {
    backend = await mkdtemp("/tmp/guide-");
    await chmod(backend, 0o755);
    // The checkout, but for what is written into it.
    for (const name of await readdir(root)) if (![".git", ".env", ".local"].includes(name)) await symlink(root + name, `${backend}/${name}`);
    const [port, webPort, todoPort, verifierPort] = await freePorts(4);
    [webUrl, apiUrl] = [`http://localhost:${webPort}`, `http://localhost:${port}`];
    databases = [await createDatabase(), await createDatabase()];
    // What differs from the guide's: the ports, of which another run may have the same.
    environment = { PATH: process.env.PATH, HOME: process.env.HOME, PORT: port, TODO_PORT: todoPort, VERIFIER_PORT: verifierPort,
      DATA_DIR: `${backend}/data` };
  });
  after(async () => {
    await api?.stop("SIGTERM");
    await frontend?.stop();
    await rm(backend, { recursive: true, force: true });
  });

  test("1. the environment, as the guide has it, with values of one's own", () =>
    writeFile(`${backend}/.env`, `# Database Configuration
NEON_DATABASE_URL=${databases[0]}

# Server Configuration
HOST=0.0.0.0
PORT=8000
DEBUG=false

# Better Auth Configuration
BETTER_AUTH_URL=${webUrl}

# JWT Secret (optional in production with RS256)
BETTER_AUTH_SECRET=${SECRET}

# CORS Configuration
ALLOWED_ORIGINS=${webUrl}
`));

  test("2. validation names the key set that is not there yet, and the backend fails fast", async () => {
    const { code, output } = await validate();
    assert.equal(code, 2, output);
    assert.match(output, /^error +key_set +http\S+\/\.well-known\/jwks\.json: /m);
    const early = await run(`${root}scripts/run`, [`${backend}/.env`], { env: { ...environment, VERIFIER_STARTUP_SECONDS: "1" } });
    assert.equal(early.code, 1, early.output);
    assert.match(early.output, /JWKS endpoint is unreachable/);
  });

  test("2. validation finds nothing wrong once Better Auth is there", async () => {
    await startFrontend("jwt");
    const { code, output } = await validate();
    assert.equal(code, 0, output);
    assert.match(output, /^ok +BETTER_AUTH_SECRET +has at least 32/m);
    assert.match(output, /^ok +algorithms +EdDSA$/m);
    assert.match(output, /^ok +database +can be reached$/m);
    assert.match(output, /^0 errors, 0 warnings$/m);
  });

  test("3. and 4. deployed, the way from sign-up to todo works", async () => {
    await deploy();
    const smoke = await run(`${root}scripts/smoke`, [webUrl, apiUrl], { env: environment });
    assert.equal(smoke.code, 0, smoke.output);
    user = await signUp(webUrl);
    const created = await request("POST", `${apiUrl}/api/${user.id}/tasks`,
      { headers: await jwt({ webUrl }, user), json: { title: "Outlive a rollback" } });
    assert.equal(created.status, 201, created.text);
  });

  test("4. the page is served with the guide's headers, and told to send tokens", async () => {
    const page = await request("GET", webUrl);
    // Stricter than the guide's: what is not named is not loaded, and no inline script runs.
    const policy = page.headers.get("content-security-policy");
    assert.match(policy, /default-src 'none'; script-src 'self';/);
    assert.ok(policy.includes(`connect-src 'self' ${apiUrl};`), policy);
    assert.equal(page.headers.get("x-frame-options"), "DENY");
    assert.equal(page.headers.get("x-content-type-options"), "nosniff");
    assert.equal(page.headers.get("referrer-policy"), "strict-origin-when-cross-origin");
    assert.equal((await request("GET", `${webUrl}/config.json`)).json.auth_mode, "jwt");
  });

  test("rollback: one variable, and the same users see the same todos by their sessions", async () => {
    await type(await commandsOf("docs/runbook.md", "test=tests/e2e/guide.test.mjs"), { cwd: backend, ...environment });
    assert.match(await readFile(`${backend}/.env`, "utf8"), /^AUTH_MODE=session$/m);
    await startFrontend("session");
    await deploy();
    assert.deepEqual(await titles(cookie), ["Outlive a rollback"]);
    const refused = await request("GET", `${apiUrl}/api/me`, { headers: await jwt({ webUrl }, user) });
    assertProblem(refused, 401, "MISSING_TOKEN");
    const preflight = await request("OPTIONS", `${apiUrl}/api/me`,
      { headers: { origin: webUrl, "access-control-request-method": "GET" } });
    assert.equal(preflight.headers.get("access-control-allow-credentials"), "true");
  });

  test("forward again: tokens pass, sessions do not, and the todos are still there", async () => {
    const commands = await commandsOf("docs/runbook.md", "test=tests/e2e/guide.test.mjs");
    await type(commands.replaceAll("AUTH_MODE=session", "AUTH_MODE=jwt"), { cwd: backend, ...environment });
    await startFrontend("jwt");
    await deploy();
    assert.deepEqual(await titles(jwt), ["Outlive a rollback"]);
    assertProblem(await request("GET", `${apiUrl}/api/me`, { headers: await cookie({ webUrl }, user) }), 401, "MISSING_TOKEN");
  });
});
