// What stands in the logs of the whole application: what docs/logs.md says, one request through all processes, and no secret; nor is one
// in a metric or an error's answer.
import assert from "node:assert/strict";
import { randomBytes, randomUUID } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { connect } from "node:net";
import { once } from "node:events";
import { after, before, describe, test } from "node:test";
import { createDatabase, sql } from "../e2e/support/database.mjs";
import { assertProblem, request } from "../e2e/support/http.mjs";
import { startIssuer } from "../e2e/support/issuer.mjs";
import { freePorts } from "../e2e/support/ports.mjs";
import { planStack, root, startStack } from "../e2e/support/stack.mjs";
import { signUp, takeToken } from "../e2e/support/user.mjs";
import { Canaries } from "./support/canaries.mjs";
import { findLines, logText, parseLines } from "./support/log_lines.mjs";
import { documentedEvents } from "./support/logs_page.mjs";

async function sourcesOf(...folders) {
  const files = [];
  for (const folder of folders) {
    for (const entry of await readdir(root + folder, { withFileTypes: true, recursive: true })) {
      const path = `${entry.parentPath ?? entry.path}/${entry.name}`;
      if (entry.isFile() && /\.(cc|ts)$/.test(entry.name) && !/\/(app|test|node_modules|dist)\//.test(path)) files.push(path);
    }
  }
  return Promise.all(files.map((path) => readFile(path, "utf8")));
}

test("docs/logs.md lists the events that the sources write, and no others", async () => {
  const written = new Set();
  const add = (text, pattern) => [...text.matchAll(pattern)].forEach(([, event]) => written.add(event));
  for (const source of await sourcesOf("common", "gateway", "services")) {
    add(source, /\b[lL]og\w*(?:\.|->)(?:Info|Warning|Error)\(\s*"([a-z0-9_]+)"/g);
    add(source, /\blog_missing\("([a-z_]+)"/g);
    add(source, /\blog\(\s*[^,]+,\s*"([a-z_]+)"/g);
    for (const [, body] of source.matchAll(/ EventOf\([^]*?\{([^]*?)\n\}/g)) add(body, /return "([a-z_]+)"/g);
    for (const [, body] of source.matchAll(/EVENTS = new Map\(\[([^]*?)\]\);/g)) add(body, /, "([a-z_]+)"\]/g);
  }
  assert.deepEqual([...written].sort(), [...(await documentedEvents()).keys()].sort());
});

const TRACE = "0af7651916cd43dd8448eb211c80319c";
const TRACEPARENT = `00-${TRACE}-b7ad6b7169203331-01`;

const ADMIN_PORTS = ["VERIFIER_ADMIN_PORT", "TODO_ADMIN_PORT", "GATEWAY_ADMIN_PORT", "WEB_ADMIN_PORT"];

/** Everything with an answer of 400 or more: what an error shows to whoever caused it. */
class ErrorsSeen {
  text = "";

  async request(...args) {
    const answer = await request(...args);
    if (answer.status >= 400) this.text += `${[...answer.headers].join("\n")}\n${answer.text}\n`;
    return answer;
  }
}

for (const debug of ["false", "true"]) {
  describe(`the logs of a run with DEBUG=${debug}`, () => {
    // What is asked of one form alone.
    const [inJson, forHumans] = debug === "false" ? [test, () => {}] : [() => {}, test];
    const canaries = new Canaries();
    const errors = new ErrorsSeen();
    let issuer, database, stack, ada, bob, token, adminPorts;

    before(async () => {
      issuer = await startIssuer();
      const password = canaries.plant("the database's password", randomUUID());
      database = await createDatabase();
      const role = `canary_${randomBytes(4).toString("hex")}`;
      await sql(database, `CREATE ROLE ${role} SUPERUSER LOGIN PASSWORD '${password}'`);
      adminPorts = await freePorts(ADMIN_PORTS.length);
      const admin = Object.fromEntries(ADMIN_PORTS.map((name, i) => [name, adminPorts[i]]));
      const plan = await planStack({ DEBUG: debug, ...admin, BETTER_AUTH_SECRET: canaries.plant("the secret", randomBytes(32).toString("hex")) });
      const issuers = [{ issuer: plan.webUrl }, { issuer: issuer.url, audiences: [issuer.url] }];
      const variables = { TOKEN_ISSUERS: JSON.stringify(issuers), NEON_DATABASE_URL: database.replace(/\/\/[^/]*\//, `//${role}:${password}@localhost/`) };
      stack = await startStack({}, { ...plan, environment: { ...plan.environment, ...variables } });

      ada = await signUp(stack.webUrl);
      bob = await signUp(stack.webUrl, "Bob");
      for (const [name, user] of Object.entries({ ada, bob })) {
        canaries.plant(`${name}'s password`, user.password);
        canaries.plant(`${name}'s session`, user.cookie.split("=")[1]);
        canaries.plant(`${name}'s session token`, user.sessionToken);
      }
      token = canaries.plantToken("ada's token", await takeToken(stack.webUrl, ada));
    });
    after(async () => {
      await stack?.stop();
      await issuer?.stop();
    });

    const mine = () => `${stack.apiUrl}/api/${ada.id}/tasks`;
    const planted = (name, made) => canaries.plantToken(name, made);
    const badTokens = {
      token_expired: () => issuer.token({ exp: Math.floor(Date.now() / 1000) - 120 }),
      invalid_signature: () => issuer.forgedToken(),
      missing_claims: () => issuer.token({ exp: undefined }),
      token_rejected: () => issuer.token({}, { kid: "made-up" }),
    };

    inJson("one request is found in all three logs by its ids", async () => {
      const fresh = planted("another token of ada's", await takeToken(stack.webUrl, ada));
      const headers = { traceparent: TRACEPARENT, "x-request-id": "request-7" };
      const answer = await request("POST", mine(), { token: fresh, json: { title: "Trace me" }, headers });
      assert.equal(answer.status, 201, answer.text);
      assert.equal(answer.headers.get("x-request-id"), "request-7");
      assert.equal(answer.headers.get("traceparent"), TRACEPARENT);
      const lines = await findLines(stack, { request_id: "request-7", trace_id: TRACE }, 3);
      const told = Object.fromEntries(lines.map(({ service, event, route, outcome }) => [service, { event, route, outcome }]));
      assert.deepEqual(told, {
        gateway: { event: "http_request", route: "/api/{user_id}/tasks", outcome: "ok" },
        "todo-service": { event: "rpc", route: "/todo.v1.TaskService/CreateTask", outcome: "ok" },
        "token-verifier": { event: "rpc", route: "/auth.v1.TokenVerifierService/VerifyToken", outcome: "ok" },
      });
      assert.equal(lines.find(({ service }) => service === "todo-service").sub, ada.id);
    });

    inJson("ids that are malformed are replaced, and the new ones are in all three logs", async () => {
      for (const traceparent of ["x", TRACEPARENT.toUpperCase(), `00-${"0".repeat(32)}-b7ad6b7169203331-01`, `${TRACEPARENT}-x`]) {
        const headers = { traceparent, "x-request-id": "two words" };
        const answer = await errors.request("GET", mine(), { token: issuer.token({ aud: "https://other.test" }), headers });
        assertProblem(answer, 401, "INVALID_AUDIENCE");
        assert.notEqual(answer.headers.get("traceparent"), traceparent);
        const [, trace_id] = answer.headers.get("traceparent").match(/^00-([0-9a-f]{32})-[0-9a-f]{16}-01$/);
        const lines = await findLines(stack, { trace_id, request_id: answer.headers.get("x-request-id") }, 5);
        assert.deepEqual(new Set(lines.map(({ service }) => service)), new Set(["gateway", "todo-service", "token-verifier"]));
      }
    });

    test("what is refused before it has a route answers with both ids too", async () => {
      const socket = connect(Number(new URL(stack.apiUrl).port), "127.0.0.1");
      socket.write(`GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\nAuthorization: Bearer ${token}\r\n\r\n`);
      let text = "";
      socket.setEncoding("utf8").on("data", (more) => (text += more));
      await once(socket, "close");
      assert.match(text, /^HTTP\/1.1 400 /);
      assert.match(text, /^traceparent: 00-[0-9a-f]{32}-[0-9a-f]{16}-01\r$/im);
      errors.text += text;
    });

    for (const [event, make] of Object.entries(badTokens)) {
      test(`a bad token is told as ${event}, and by what it was meant for`, async () => {
        const headers = { "x-request-id": `${event}-${randomUUID()}` };
        const answer = await errors.request("GET", mine(), { token: planted(event, make()), headers });
        assert.equal(answer.status, 401, answer.text);
        if (debug === "true") return;
        const request_id = headers["x-request-id"];
        const [line] = await findLines(stack, { request_id, service: "token-verifier", event });
        assert.equal(line.kid, event === "token_rejected" ? "made-up" : "test");
        assert.equal(line.sub, ["token_expired", "missing_claims"].includes(event) ? "ada" : undefined);
        assert.equal(line.level, event === "token_expired" ? "info" : "warning");
        const [denied] = await findLines(stack, { request_id, service: "todo-service", event: "authn_fail" });
        assert.equal(denied.reason, answer.json.error_code);
        assert.equal(denied.peer, "127.0.0.1");
      });
    }

    test("an attempt on another user's tasks is told with who made it", async () => {
      const answer = await errors.request("GET", `${stack.apiUrl}/api/${bob.id}/tasks`, { token });
      assertProblem(answer, 403, "FORBIDDEN_USER_ACCESS");
      if (debug === "true") return;
      const [line] = await findLines(stack, { event: "authz_fail", request_id: answer.json.request_id });
      assert.equal(line.sub, ada.id);
      assert.equal(line.peer, "127.0.0.1");
      assert.equal(line.route, "/todo.v1.TaskService/ListTasks");
    });

    test("who comes and goes is told", async () => {
      const auth = (path, json, cookie = "") => errors.request("POST", `${stack.webUrl}/api/auth/${path}`, { json, headers: { origin: stack.webUrl, cookie } });
      assert.equal((await auth("sign-in/email", { email: bob.email, password: canaries.plant("a wrong password", randomUUID()) })).status, 401);
      assert.equal((await auth("sign-up/email", { name: "Bob", email: bob.email, password: bob.password })).status, 422);
      const signedIn = await auth("sign-in/email", { email: bob.email, password: bob.password });
      assert.equal(signedIn.status, 200, signedIn.text);
      canaries.plant("bob's second session token", signedIn.json.token);
      assert.equal((await auth("sign-out", {}, bob.cookie)).status, 200);
      if (debug === "true") return;
      await findLines(stack, { service: "web", event: "sign_in", outcome: "refused", reason: "INVALID_EMAIL_OR_PASSWORD", status: 401 });
      await findLines(stack, { service: "web", event: "sign_in", outcome: "ok", sub: bob.id });
      await findLines(stack, { service: "web", event: "sign_up", outcome: "ok", sub: bob.id });
      await findLines(stack, { service: "web", event: "sign_up", outcome: "refused" });
      const [line] = await findLines(stack, { service: "web", event: "sign_out", outcome: "ok", sub: bob.id });
      assert.ok(line.peer && line.request_id && line.trace_id);
    });

    inJson("each process tells at its start what it was configured with, and the verifier whose keys it believes", async () => {
      const started = await findLines(stack, { event: "started" }, 4);
      assert.deepEqual(new Set(started.map(({ service }) => service)), new Set(["gateway", "todo-service", "token-verifier", "web"]));
      for (const { service, variables, version } of started) {
        assert.match(version, /^\d+\.\d+\.\d+$/);
        assert.match(variables, /^([A-Z_]+,)*[A-Z_]+$/, service);
      }
      assert.match(started.find(({ service }) => service === "web").variables, /\bBETTER_AUTH_SECRET\b/);
      assert.equal((await findLines(stack, { event: "jwks_key_added" }, 2)).filter(({ kid }) => kid === "test").length, 1);
    });

    test("the rest of what can go wrong goes wrong", async () => {
      const call = (method, url, options) => errors.request(method, url, options);
      const statuses = [
        await call("GET", `${mine()}?access_token=${token}`),
        await call("GET", `${stack.apiUrl}/api/${ada.id}/tasks/${token}`, { token }),
        await call("GET", `${stack.apiUrl}/${token}`, { token }),
        await call("POST", mine(), { token, body: `{"title":"${ada.password}"`, headers: { "content-type": "application/json" } }),
        await call("GET", mine(), { token: ada.sessionToken }),
        await call("GET", mine(), { token: `${token}.x` }),
        await call("GET", mine(), { token: token.slice(0, -4) }),
        await call("GET", mine(), { token: token.padEnd(9000, "x") }),
        await call("GET", mine(), { headers: { authorization: `Basic ${token}` } }),
        await call("GET", mine(), { headers: { cookie: ada.cookie, origin: stack.webUrl } }),
        await call("GET", `${stack.webUrl}/api/auth/${token}?token=${token}`, { headers: { cookie: ada.cookie } }),
        await call("GET", `${stack.webUrl}/${ada.password}`, { headers: { authorization: `Bearer ${token}` } }),
      ].map(({ status }) => status);
      assert.ok(statuses.every((status) => status >= 400 && status < 500), String(statuses));

      // PostgreSQL's messages quote the row that they refuse.
      const text = canaries.plant("what a user wrote", randomUUID());
      await sql(database, `ALTER TABLE todo.tasks ADD CONSTRAINT wants_another CHECK (title <> '${text}');
        ALTER TABLE auth."user" ADD CONSTRAINT wants_another CHECK (name <> '${text}')`);
      assert.equal((await call("POST", mine(), { token, json: { title: text } })).status, 500);
      const account = { name: text, email: `${randomUUID()}@example.test`, password: randomUUID() };
      assert.ok((await call("POST", `${stack.webUrl}/api/auth/sign-up/email`, { json: account, headers: { origin: stack.webUrl } })).status >= 400);
      if (debug === "false") await findLines(stack, { event: "database_error", reason: "SQLSTATE 23514 (constraint wants_another)" });

      await sql(database, "ALTER TABLE todo.tasks RENAME TO gone; ALTER TABLE auth.session RENAME TO gone");
      assert.ok((await call("GET", mine(), { token })).status >= 500);
      assert.ok((await call("GET", `${stack.webUrl}/api/auth/token`, { headers: { cookie: ada.cookie } })).status >= 400);
      await sql(database, "ALTER TABLE todo.gone RENAME TO tasks; ALTER TABLE auth.gone RENAME TO session");
      if (debug === "false") await findLines(stack, { event: "database_error", reason: "SQLSTATE 42P01" });
    });

    inJson("every line is one of those that docs/logs.md describes", async () => {
      const events = await documentedEvents();
      const lines = parseLines(await logText(stack));
      assert.ok(lines.length > 50);
      for (const line of lines) {
        const fields = events.get(line.event);
        assert.ok(fields, JSON.stringify(line));
        assert.deepEqual(Object.keys(line).filter((name) => !fields.has(name)), [], JSON.stringify(line));
        assert.match(line.time, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
        assert.ok(["info", "warning", "error"].includes(line.level), line.level);
      }
    });

    forHumans("lines are for human eyes", async () => {
      const lines = (await logText(stack)).split("\n").filter(Boolean);
      for (const line of lines) assert.match(line, /^\d{4}-\d\d-\d\dT[\d:.]+Z (debug|info|warning|error) [a-z-]+ [a-z0-9_]+( [a-z_]+=\S.*)?$/);
    });

    test("no secret, token, password, session or text of a user's is in a log, a metric or an error's answer", async () => {
      for (const [i, port] of adminPorts.entries()) {
        const scrape = await request("GET", `http://127.0.0.1:${port}/metrics`);
        assert.equal(scrape.status, 200);
        assert.match(scrape.text, /^build_info\{/m);
        assert.deepEqual(canaries.findIn(scrape.text), [], ADMIN_PORTS[i]);
      }
      // What was written last is there too once the process has ended.
      const { code } = await stack.script.stop("SIGINT");
      assert.equal(code, 0);
      const text = await logText(stack);
      assert.ok(text.length > 10_000);
      assert.deepEqual(canaries.findIn(text), []);
      assert.deepEqual(canaries.findIn(stack.script.output), []);
      assert.ok(errors.text.length > 5_000);
      assert.deepEqual(canaries.findIn(errors.text), []);
    });

    test("and the search for them finds one that is there", () => {
      const [header, payload, signature] = token.split(".");
      for (const leak of [token, header, payload, signature.slice(0, 20), ada.password, ada.sessionToken, ada.cookie, decodeURIComponent(ada.cookie)]) {
        assert.notDeepEqual(canaries.findIn(JSON.stringify({ event: "rpc", detail: `see ${leak}` })), [], leak);
        assert.notDeepEqual(canaries.findIn(`http_requests_total{route="/${leak}",method="GET",code="404"} 1`), [], leak);
      }
      assert.deepEqual(canaries.findIn('{"event":"rpc","sub":"ada"}'), []);
    });
  });
}
