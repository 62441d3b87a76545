// The backend alone: Better Auth and PostgreSQL are elsewhere, `.env` is what the deployment guide shows, and its steps are gone through
// as it has them: environment, validate, deploy, verify.
import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { after, before, describe, test } from "node:test";
import { randomUUID } from "node:crypto";
import { request } from "../e2e/support/http.mjs";
import { startIssuer } from "../e2e/support/issuer.mjs";
import { freePorts } from "../e2e/support/ports.mjs";
import { Deployment, must } from "./support/deployment.mjs";

const PASSWORD = `canary-${randomUUID()}`;
let deployment, issuer, network, database, host, databasePort;

/** The guide's file, with these lines changed. */
const guide = (changes = {}) =>
  Object.entries({
    NEON_DATABASE_URL: `postgresql://postgres:${PASSWORD}@${host}:${databasePort}/postgres`,
    HOST: "0.0.0.0",
    PORT: deployment.ports[0],
    DEBUG: "false",
    BETTER_AUTH_URL: issuer.url,
    ALLOWED_ORIGINS: "https://app.example.com",
    // A real Better Auth is reached by https, and these two lines are the test's own.
    JWKS_ALLOW_HTTP_HOSTS: host,
    COMPOSE_PROJECT_NAME: deployment.project,
    TODO_JWT_VERSION: deployment.version,
    ...changes,
  }).map(([name, value]) => `${name}=${value}\n`).join("");
const configure = (changes) => writeFile(`${deployment.folder}/.env`, guide(changes));

before(async () => {
  deployment = await Deployment.create();
  await deployment.build();
  // "Elsewhere" is this machine, by an address that is not loopback.
  network = `${deployment.project}-elsewhere`;
  await must("docker", ["network", "create", network]);
  host = await must("docker", ["network", "inspect", network, "--format", "{{(index .IPAM.Config 0).Gateway}}"]);
  issuer = await startIssuer(host);
  [databasePort] = await freePorts(1);
  const run = ["run", "--detach", "--network", network, "--publish", `${host}:${databasePort}:5432`, "--env", `POSTGRES_PASSWORD=${PASSWORD}`, "postgres:15-bookworm"];
  database = await must("docker", run);
  await configure();
});
after(async () => {
  await deployment?.remove();
  await issuer?.stop();
  if (database) await must("docker", ["rm", "--force", "--volumes", database]);
  if (network) await must("docker", ["network", "rm", network]);
});

const validate = () => deployment.script("validate-jwt-config.sh");
const finding = (output, pattern) => assert.ok(output.split("\n").some((line) => pattern.test(line.replace(/ +/g, " "))), `${pattern}:\n${output}`);

describe("validate, in a clone without a build", () => {
  test("says what cannot be reached", async () => {
    await configure({ BETTER_AUTH_URL: `http://${host}:1` });
    const { code, output } = await validate();
    assert.equal(code, 2, output);
    finding(output, /^error key_set .*connect/);
  });

  test("says what is wrong, and prints no secret", async () => {
    await configure({ ALLOWED_ORIGINS: "*", NEON_DATABASE_URL: `mysql://root:${PASSWORD}@${host}/x` });
    const { code, output } = await validate();
    assert.equal(code, 1, output);
    finding(output, /^error gateway ALLOWED_ORIGINS/);
    finding(output, /^error database NEON_DATABASE_URL/);
    assert.ok(!output.includes(PASSWORD));
  });

  test("finds the guide's file fine", async () => {
    await configure();
    const { code, output } = await validate();
    assert.equal(code, 0, output);
    finding(output, /^ok key_set .*1 of 1 keys can be used$/);
    finding(output, /^ok database can be reached$/);
  });
});

describe("deploy", () => {
  test("fails where the key set cannot be reached, and the log says so", async () => {
    await configure({ BETTER_AUTH_URL: `http://${host}:1`, VERIFIER_STARTUP_SECONDS: 2 });
    const { code } = await deployment.runCompose("up", "-d", "--no-build");
    assert.notEqual(code, 0);
    assert.match(await deployment.compose("logs", "--no-color", "verifier"), /JWKS endpoint is unreachable/);
    await deployment.compose("down", "--timeout", "5");
  });

  test("fails where there is no database to use, and the log says so", async () => {
    await configure({ NEON_DATABASE_URL: "" });
    const { code } = await deployment.runCompose("up", "-d", "--no-build");
    assert.notEqual(code, 0);
    assert.match(await deployment.compose("logs", "--no-color", "certificates"), /NEON_DATABASE_URL is not set in \.env/);
    await deployment.compose("down", "--timeout", "5");
  });

  test("ends healthy, with the backend alone", async () => {
    await configure();
    await deployment.compose("up", "-d", "--no-build");
    await deployment.untilHealthy();
    const containers = await deployment.inspect();
    assert.deepEqual(containers.map(({ service }) => service).sort(), ["certificates", "gateway", "migrate", "todo", "verifier"]);
  });
});

describe("verify", () => {
  const url = (path) => `${deployment.apiUrl}${path}`;

  test("a token of that issuer is taken, and tasks are kept in that database", async () => {
    const token = issuer.token({ sub: "ada" });
    const created = await request("POST", url("/api/ada/tasks"), { token, json: { title: "Far away" } });
    assert.equal(created.status, 201, created.text);
    const count = await must("docker", ["exec", database, "psql", "-U", "postgres", "-A", "-t", "-c", "SELECT title FROM todo.tasks"]);
    assert.equal(count, "Far away");
  });

  test("a token that somebody else has signed is not", async () => {
    const answer = await request("GET", url("/api/ada/tasks"), { token: issuer.forgedToken() });
    assert.equal(answer.status, 401, answer.text);
  });

  test("the connection string stands in no container's configuration and in no log", async () => {
    for (const id of await deployment.containers()) assert.ok(!(await must("docker", ["inspect", id])).includes(PASSWORD), id);
    assert.ok(!(await deployment.compose("logs", "--no-color")).includes(PASSWORD));
  });

  test("a secret can stand in a file that .env names", async () => {
    await writeFile(`${deployment.folder}/database-url`, `postgresql://postgres:${PASSWORD}@${host}:${databasePort}/postgres?application_name=by-file\n`);
    await configure({ NEON_DATABASE_URL: "", NEON_DATABASE_URL_FILE: "./database-url" });
    await deployment.compose("up", "-d", "--no-build", "--force-recreate");
    await deployment.untilHealthy();
    assert.equal((await request("GET", url("/api/me"), { token: issuer.token({ sub: "ada" }) })).status, 200);
    const clients = await must("docker", ["exec", database, "psql", "-U", "postgres", "-A", "-t", "-c", "SELECT DISTINCT application_name FROM pg_stat_activity"]);
    assert.ok(clients.split("\n").includes("by-file"), clients);
  });
});
