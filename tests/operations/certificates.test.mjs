// The certificates by which the services know each other, replaced under load: no call fails, and whoever connects anew is shown the new
// one. Each process finds itself healthy meanwhile, as its container asks it.
import assert from "node:assert/strict";
import { randomUUID, X509Certificate } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { connect } from "node:tls";
import { after, before, describe, test } from "node:test";
import { run } from "../e2e/support/children.mjs";
import { createDatabase } from "../e2e/support/database.mjs";
import { request } from "../e2e/support/http.mjs";
import { startIssuer } from "../e2e/support/issuer.mjs";
import { freePorts } from "../e2e/support/ports.mjs";
import { root } from "../e2e/support/stack.mjs";
import { runProcess, startProcess } from "./support/processes.mjs";

const NAMES = ["verifier", "todo", "gateway"];
const PATIENCE = 60_000;

async function eventually(what, holds) {
  for (const until = Date.now() + PATIENCE; !(await holds()); await new Promise((resolve) => setTimeout(resolve, 20))) {
    if (Date.now() > until) throw new Error(`${what}: not within ${PATIENCE} ms`);
  }
}

/** The fingerprint of the certificate that a server shows to a client with this one. */
function shownTo(client, port) {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: "127.0.0.1", port, ...client, ALPNProtocols: ["h2"], rejectUnauthorized: false }, () => {
      resolve(socket.getPeerCertificate().fingerprint256);
      socket.destroy();
    });
    socket.on("error", reject);
  });
}

describe("certificates under load", { timeout: 600_000 }, () => {
  const children = {}, environment = {}, outcomes = [];
  let folder, issuer, ports, apiUrl, callers, isOver = false;

  async function issue(variables = {}, names = NAMES) {
    const { code, output } = await run(`${root}scripts/certificates`, [folder, ...names], { env: { PATH: process.env.PATH, ...variables } });
    assert.equal(code, 0, output);
  }
  const file = (name, part) => `${folder}/${name}/tls.${part}`;
  const fingerprint = async (name) => new X509Certificate(await readFile(file(name, "crt"))).fingerprint256;
  const shown = async (name) => {
    const client = name === "verifier" ? "todo" : "gateway";
    return shownTo({ cert: await readFile(file(client, "crt")), key: await readFile(file(client, "key")) }, ports[name]);
  };
  const healthcheck = (name, changes = {}) => runProcess(name, ["--healthcheck"], { ...environment[name], ...changes });

  /** Writes and reads until all is over, each time with a token that nobody has seen yet: every call goes through all three. */
  async function call(sub) {
    const url = `${apiUrl}/api/${sub}/tasks`;
    while (!isOver) {
      for (const [method, json, good] of [["POST", { title: randomUUID() }, 201], ["GET", undefined, 200]]) {
        const token = issuer.token({ sub, jti: randomUUID() });
        const outcome = await request(method, url, { token, json }).catch((error) => ({ status: 0, text: String(error.cause ?? error) }));
        outcomes.push({ isGood: outcome.status === good, text: `${method} ${outcome.status} ${outcome.text}` });
      }
    }
  }
  const failed = () => outcomes.filter(({ isGood }) => !isGood).map(({ text }) => text).slice(0, 3);
  const more = (count) => {
    const goal = outcomes.length + count;
    return eventually(`${count} more calls`, () => outcomes.length >= goal);
  };

  before(async () => {
    folder = await mkdtemp("/tmp/certificates-");
    await issue({ CERTIFICATE_DAYS: "20" });
    issuer = await startIssuer();
    const free = await freePorts(5);
    ports = { verifier: free[0], todo: free[1], gateway: free[2], admin: { verifier: free[3], todo: free[4] } };
    apiUrl = `http://127.0.0.1:${ports.gateway}`;
    const tls = (name) => ({ GRPC_TLS_CERTIFICATE_FILE: file(name, "crt"), GRPC_TLS_KEY_FILE: file(name, "key"), GRPC_TLS_CA_FILE: `${folder}/${name}/ca.crt` });
    // Connections end each second, so that all are made anew again and again.
    const often = { GRPC_CONNECTION_AGE_SECONDS: "1" };
    Object.assign(environment, {
      verifier: { ...tls("verifier"), ...often, BETTER_AUTH_URL: issuer.url, VERIFIER_PORT: ports.verifier, VERIFIER_ADMIN_PORT: ports.admin.verifier, GRPC_TLS_ALLOWED_PEERS: "todo" },
      todo: { ...tls("todo"), ...often, NEON_DATABASE_URL: await createDatabase(), TODO_PORT: ports.todo, TODO_ADMIN_PORT: ports.admin.todo, USER_RATE: "0",
        VERIFIER_ADDRESS: `127.0.0.1:${ports.verifier}`, VERIFIER_TLS_NAME: "verifier", GRPC_TLS_ALLOWED_PEERS: "gateway" },
      gateway: { ...tls("gateway"), PORT: ports.gateway, TODO_ADDRESS: `127.0.0.1:${ports.todo}`, TODO_TLS_NAME: "todo" },
    });
    const migrated = await runProcess("todo", ["migrate"], environment.todo);
    assert.equal(migrated.code, 0, migrated.output);
    for (const name of NAMES) children[name] = startProcess(name, environment[name]);
    await eventually("all are ready", () => request("GET", `${apiUrl}/readyz`).then(({ status }) => status === 200, () => false));
    callers = Promise.all(["ada", "bob", "cyd"].map(call));
    await more(20);
  });
  after(async () => {
    isOver = true;
    await callers;
    await Promise.all(Object.values(children).map((child) => child.stop("SIGKILL")));
    await issuer?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  for (const name of NAMES) {
    test(`${name} is healthy by its own --healthcheck`, async () => {
      const { code, output } = await healthcheck(name);
      assert.equal(code, 0, output);
    });
  }

  for (const [name, port] of [["verifier", "VERIFIER_PORT"], ["todo", "TODO_PORT"]]) {
    test(`${name} is not healthy where somebody else answers in its place, or nobody`, async () => {
      const other = ports[name === "todo" ? "verifier" : "todo"];
      for (const [number, says] of [[other, /does not answer/], [1, /does not answer/]]) {
        const { code, output } = await healthcheck(name, { [port]: number });
        assert.equal(code, 1, output);
        assert.match(output, says);
      }
    });
  }

  for (const name of NAMES) {
    test(`${name}'s is replaced: it is shown to whoever connects anew, and no call fails`, async () => {
      const old = await fingerprint(name);
      if (name !== "gateway") assert.equal(await shown(name), old);
      await issue({ CERTIFICATE_RENEW_DAYS: "400" }, [name]);
      const made = await fingerprint(name);
      assert.notEqual(made, old);
      if (name !== "gateway") await eventually("the new one is shown", async () => (await shown(name)) === made);
      await more(60);
      assert.deepEqual(failed(), []);
      if (name === "gateway") return;
      await children[name].waitFor(/"event":"certificate_reloaded"/);
      const { text } = await request("GET", `http://127.0.0.1:${ports.admin[name]}/metrics`);
      const [, end] = text.match(/^tls_certificate_not_after_timestamp_seconds\{use="grpc"\} (\S+)$/m);
      assert.ok(Number(end) > Date.now() / 1000 + 300 * 86400, end);
    });
  }

  test("all are replaced again and again: no call fails", async () => {
    for (let round = 0; round < 5; round += 1) {
      await issue({ CERTIFICATE_RENEW_DAYS: "400" });
      await more(40);
    }
    for (const name of ["verifier", "todo"]) {
      const made = await fingerprint(name);
      await eventually(`the last one of ${name} is shown`, async () => (await shown(name)) === made);
      assert.equal((await healthcheck(name)).code, 0);
    }
    assert.deepEqual(failed(), []);
  });

  test("one that cannot be used is told, and the old one is shown on", async () => {
    for (const name of ["verifier", "todo"]) {
      const good = await readFile(file(name, "crt"));
      const old = await fingerprint(name);
      await writeFile(file(name, "crt"), "-----BEGIN CERTIFICATE-----\nnone\n-----END CERTIFICATE-----\n");
      await children[name].waitFor(/"event":"certificate_not_reloaded"/);
      await more(60);
      assert.equal(await shown(name), old);
      await writeFile(file(name, "crt"), good);
    }
    assert.deepEqual(failed(), []);
  });
});
