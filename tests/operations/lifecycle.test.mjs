// Each process stopped in turn while the whole application is under load: it says first that it is no longer ready, finishes what is under
// way, ends with 0, and no call that may not be sent twice fails.
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { Agent, request as httpRequest } from "node:http";
import { connect } from "node:net";
import { after, before, describe, test } from "node:test";
import { createDatabase } from "../e2e/support/database.mjs";
import { request } from "../e2e/support/http.mjs";
import { startIssuer } from "../e2e/support/issuer.mjs";
import { freePorts } from "../e2e/support/ports.mjs";
import { signUp, takeToken } from "../e2e/support/user.mjs";
import { runProcess, startProcess } from "./support/processes.mjs";

/** Longer than that no process may take to end. */
const PATIENCE = 15_000;

const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

async function eventually(what, holds, patience = 30_000) {
  for (const until = Date.now() + patience; !(await holds()); await pause(20)) {
    if (Date.now() > until) throw new Error(`${what}: not within ${patience} ms`);
  }
}

/** One request on a kept connection: its status, or the error where no whole answer came. */
function send(agent, method, url, token, json) {
  return new Promise((resolve) => {
    const body = json === undefined ? undefined : JSON.stringify(json);
    const headers = { authorization: `Bearer ${token}`, ...(body ? { "content-type": "application/json", "content-length": Buffer.byteLength(body) } : {}) };
    const call = httpRequest(url, { method, agent, headers }, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (more) => (text += more));
      response.on("end", () => resolve({ status: response.statusCode, text }));
      response.on("error", (error) => resolve({ error }));
    });
    call.on("error", (error) => resolve({ error }));
    call.end(body);
  });
}

/** Replicas of the verifier and the todo service, one gateway and one web server, each started by hand. */
class World {
  children = {};
  #ports = {};
  #environment = {};

  async start() {
    const names = ["web", "verifier1", "verifier2", "todo1", "todo2", "gateway"];
    const ports = await freePorts(names.length);
    names.forEach((name, i) => (this.#ports[name] = ports[i]));
    this.webUrl = `http://localhost:${this.#ports.web}`;
    this.apiUrl = `http://localhost:${this.#ports.gateway}`;
    const address = (name) => `127.0.0.1:${this.#ports[name]}`;
    const database = await createDatabase();
    const common = { BETTER_AUTH_URL: this.webUrl };
    this.#environment = {
      web: { ...common, WEB_PORT: this.#ports.web, BETTER_AUTH_SECRET: randomBytes(32).toString("hex"), NEON_DATABASE_URL: database, AUTH_RATE_LIMIT: "false", API_URL: this.apiUrl },
      gateway: { PORT: this.#ports.gateway, TODO_ADDRESS: `${address("todo1")},${address("todo2")}` },
    };
    for (const i of [1, 2]) {
      this.#environment[`verifier${i}`] = { ...common, VERIFIER_PORT: this.#ports[`verifier${i}`] };
      this.#environment[`todo${i}`] = {
        NEON_DATABASE_URL: database, TODO_PORT: this.#ports[`todo${i}`], USER_RATE: "0",
        VERIFIER_ADDRESS: `ipv4:${address("verifier1")},${address("verifier2")}`,
      };
    }
    for (const [name, variables] of [["todo", this.#environment.todo1], ["web", this.#environment.web]]) {
      const { code, output } = await runProcess(name, ["migrate"], variables);
      assert.equal(code, 0, output);
    }
    for (const name of names) await this.revive(name);
  }

  /** Starts a process and waits until it is ready. */
  async revive(name) {
    this.children[name] = startProcess(name.replace(/\d/, ""), this.#environment[name]);
    if (name === "web" || name === "gateway") await eventually(`${name} is ready`, async () => (await this.readiness(name)) === 200);
    else await this.children[name].waitFor(/"event":"ready"/);
  }

  /** What it answers to whoever asks on a new connection; nothing where it accepts none. */
  readiness(name) {
    const url = name === "web" ? this.webUrl : this.apiUrl;
    return fetch(`${url}/readyz`, { headers: { connection: "close" } }).then((answer) => answer.status, () => undefined);
  }

  /** Sends SIGTERM: gives how it ended, after how long, and what it said of itself first. */
  async stop(name) {
    const began = Date.now();
    const ended = this.children[name].stop("SIGTERM");
    let lastWord;
    if (name === "web" || name === "gateway") {
      do lastWord = await this.readiness(name);
      while (lastWord === 200);
    }
    const { code } = await ended;
    return { code, took: Date.now() - began, lastWord };
  }

  healthcheck(name) {
    return runProcess(name.replace(/\d/, ""), ["--healthcheck"], this.#environment[name]);
  }

  async end() {
    await Promise.all(Object.values(this.children).map((child) => child.stop("SIGKILL")));
  }
}

/** Users who write without pause, each task once, with no key by which it could be sent again. */
class Load {
  outcomes = [];
  #isOver = false;
  #writers;

  constructor(world, users, { freshTokens = false } = {}) {
    this.#writers = users.map(async (user, i) => {
      const agent = new Agent({ keepAlive: true, maxSockets: 1 });
      const url = `${world.apiUrl}/api/${user.id}/tasks`;
      for (let n = 0; !this.#isOver; n++) {
        const title = `${i}-${n}-${randomBytes(4).toString("hex")}`;
        // A token that nobody has seen yet: the verifier is asked.
        const token = freshTokens ? await takeToken(world.webUrl, user).catch(() => user.token) : user.token;
        this.outcomes.push({ user, title, ...(await send(agent, "POST", url, token, { title })) });
        if (this.outcomes.at(-1).status !== 201) await pause(20);
      }
      agent.destroy();
    });
  }

  async until(count) {
    const goal = this.outcomes.length + count;
    await eventually(`${count} more calls`, () => this.outcomes.length >= goal);
  }

  async end() {
    this.#isOver = true;
    await Promise.all(this.#writers);
    return this.outcomes;
  }
}

/** The titles of all of a user's tasks. */
async function titlesOf(world, user) {
  const titles = [];
  for (let token = ""; ; ) {
    const { status, json, text } = await request("GET", `${world.apiUrl}/api/${user.id}/tasks?page_size=100&page_token=${token}`, { token: user.token });
    assert.equal(status, 200, text);
    titles.push(...json.items.map(({ title }) => title));
    token = json.next_page_token;
    if (!token) return titles;
  }
}

/** What was acknowledged is there once, and nothing that was refused. */
async function assertNothingLostOrDoubled(world, users, outcomes) {
  for (const user of users) {
    const titles = await titlesOf(world, user);
    assert.equal(new Set(titles).size, titles.length, "a task is there twice");
    const there = new Set(titles);
    for (const { title, status, error, text } of outcomes.filter((outcome) => outcome.user === user)) {
      if (status === 201) assert.ok(there.has(title), `${title} was acknowledged and is lost`);
      else if (error || status === 503) assert.ok(!there.has(title), `${title} was not taken, and is there: ${text ?? error}`);
      else assert.fail(`${title}: ${status} ${text}`);
    }
  }
}

describe("the whole application under load", { timeout: 300_000 }, () => {
  const world = new World();
  const users = [];

  before(async () => {
    await world.start();
    for (let i = 0; i < 4; i++) {
      const user = await signUp(world.webUrl, `User ${i}`);
      users.push({ ...user, token: await takeToken(world.webUrl, user) });
    }
  });
  after(() => world.end());

  test("each process is healthy by its own --healthcheck", async () => {
    for (const name of Object.keys(world.children)) {
      const { code, output } = await world.healthcheck(name);
      assert.equal(code, 0, `${name}: ${output}`);
    }
  });

  for (const name of ["verifier1", "verifier2", "todo1", "todo2"]) {
    test(`${name} stops and comes back: no call fails`, async () => {
      const load = new Load(world, users, { freshTokens: name.startsWith("verifier") });
      await load.until(40);
      const { code, took } = await world.stop(name);
      await load.until(40);
      await world.revive(name);
      await load.until(40);
      const outcomes = await load.end();
      assert.equal(code, 0, world.children[name].output);
      assert.ok(took < PATIENCE, `it took ${took} ms`);
      const failed = outcomes.filter(({ status }) => status !== 201);
      assert.deepEqual(failed.map(({ status, error, text }) => `${status} ${error} ${text}`), []);
      await assertNothingLostOrDoubled(world, users, outcomes);
    });
  }

  test("a stream goes on while the todo services stop, one after the other", async () => {
    const [user] = users;
    const stream = new Watcher(`${world.apiUrl}/api/${user.id}/tasks/stream`, user.token);
    await stream.waitFor(/^id: /m);
    for (const name of ["todo1", "todo2"]) {
      assert.equal((await world.stop(name)).code, 0);
      const title = `while ${name} is away ${randomBytes(4).toString("hex")}`;
      const agent = new Agent();
      const { status, text } = await send(agent, "POST", `${world.apiUrl}/api/${user.id}/tasks`, user.token, { title });
      assert.equal(status, 201, text);
      await stream.waitFor(new RegExp(title));
      await world.revive(name);
    }
    stream.close();
  });

  for (const name of ["gateway", "web"]) {
    test(`${name} stops and comes back: it is not ready before it stops listening, and no call is lost`, async () => {
      const load = new Load(world, users);
      await load.until(40);
      const { code, took, lastWord } = await world.stop(name);
      await world.revive(name);
      await load.until(40);
      const outcomes = await load.end();
      assert.equal(code, 0, world.children[name].output);
      assert.ok(took < PATIENCE, `it took ${took} ms`);
      assert.equal(lastWord, 503, "it stopped listening before it said that it is not ready");
      if (name === "web") assert.ok(outcomes.every(({ status }) => status === 201), "the API needs no web server for tokens that it knows");
      await assertNothingLostOrDoubled(world, users, outcomes);
    });
  }

  test("a stream ends with the gateway so that its client connects again", async () => {
    const [user] = users;
    const stream = new Watcher(`${world.apiUrl}/api/${user.id}/tasks/stream`, user.token);
    await stream.waitFor(/^id: /m);
    const { code, took } = await world.stop("gateway");
    assert.equal(code, 0);
    assert.ok(took < PATIENCE);
    assert.match(await stream.ended, /event: error\ndata: .*connect again/);
    await world.revive("gateway");
  });

  test("a call that nobody finishes does not keep the gateway from ending", async () => {
    const socket = connect(Number(new URL(world.apiUrl).port), "127.0.0.1");
    socket.on("error", () => {});
    socket.write("POST /api/x/tasks HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{");
    const { code, took } = await world.stop("gateway");
    socket.destroy();
    assert.equal(code, 0);
    assert.ok(took < PATIENCE, `it took ${took} ms`);
    await world.revive("gateway");
  });

  test("a second SIGTERM ends each at once", async () => {
    const socket = connect(Number(new URL(world.apiUrl).port), "127.0.0.1");
    socket.on("error", () => {});
    socket.write("POST /api/x/tasks HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n{");
    for (const name of Object.keys(world.children)) {
      const child = world.children[name];
      const ended = child.stop("SIGTERM");
      await child.waitFor(/"event":"draining"/);
      try {
        process.kill(child.pid, "SIGTERM");
      } catch {
        // It had nothing left to do.
      }
      const { code, signal } = await ended;
      // The others may have nothing left to do: a half request keeps the gateway alone.
      if (name === "gateway") assert.equal(signal, "SIGTERM", `gateway: ${code}`);
      else assert.ok(signal === "SIGTERM" || code === 0, `${name}: ${code} ${signal}`);
    }
    socket.destroy();
  });
});

/** A stream of server-sent events, as it comes. */
class Watcher {
  text = "";
  #call;
  #listeners = new Set();

  constructor(url, token) {
    this.ended = new Promise((resolve) => {
      this.#call = httpRequest(url, { headers: { authorization: `Bearer ${token}`, accept: "text/event-stream" } }, (response) => {
        response.setEncoding("utf8").on("data", (more) => {
          this.text += more;
          this.#listeners.forEach((listener) => listener());
        });
        response.on("close", () => resolve(this.text));
      });
      this.#call.on("error", () => resolve(this.text)).end();
    });
  }

  async waitFor(pattern) {
    const seen = new Promise((resolve) => {
      const look = () => pattern.test(this.text) && resolve(true);
      this.#listeners.add(look);
      look();
    });
    assert.ok(await Promise.race([seen, this.ended.then(() => false)]), `the stream ended without ${pattern}:\n${this.text}`);
  }

  close() {
    this.#call.destroy();
  }
}

describe("a dependency that is not there at the start", () => {
  test("without a verifier the todo service is up, and says why it is not ready", async () => {
    const [port, verifierPort] = await freePorts(2);
    const variables = { NEON_DATABASE_URL: await createDatabase(), TODO_PORT: port, VERIFIER_ADDRESS: `127.0.0.1:${verifierPort}` };
    assert.equal((await runProcess("todo", ["migrate"], variables)).code, 0);
    const todo = startProcess("todo", variables);
    await todo.waitFor(/"event":"not_ready".*"reason":"verifier: /);
    const check = await runProcess("todo", ["--healthcheck"], variables);
    assert.notEqual(check.code, 0, "it is up, but not ready");
    const issuer = await startIssuer();
    const verifier = startProcess("verifier", { BETTER_AUTH_URL: issuer.url, VERIFIER_PORT: verifierPort });
    await todo.waitFor(/"event":"ready"/);
    assert.equal((await runProcess("todo", ["--healthcheck"], variables)).code, 0);
    assert.equal((await todo.stop()).code, 0);
    assert.equal((await verifier.stop()).code, 0);
    await issuer.stop();
  });

  test("without keys the verifier ends, with the guide's message", async () => {
    const { createServer } = await import("node:http");
    const server = createServer((_, response) => response.end('{"keys":[]}')).listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    const url = `http://127.0.0.1:${server.address().port}`;
    const { code, output } = await runProcess("verifier", [], { BETTER_AUTH_URL: url, VERIFIER_PORT: "0", VERIFIER_STARTUP_SECONDS: "2" });
    server.closeAllConnections();
    server.close();
    assert.equal(code, 1, output);
    assert.match(output, /"event":"startup_failed".*JWKS endpoint returned no keys/);
    const away = await runProcess("verifier", [], { BETTER_AUTH_URL: url, VERIFIER_PORT: "0", VERIFIER_STARTUP_SECONDS: "2" });
    assert.equal(away.code, 1);
    assert.match(away.output, /"event":"startup_failed".*JWKS endpoint is unreachable/);
  });
});

describe("a log that nobody reads, or that has no room", () => {
  const many = async (url) => {
    const agent = new Agent({ keepAlive: true, maxSockets: 8 });
    const ask = () => send(agent, "GET", url, "x".repeat(200));
    for (let i = 0; i < 30; i++) {
      const answers = await Promise.all(Array.from({ length: 100 }, ask));
      assert.ok(answers.every(({ status }) => status === 200));
    }
    agent.destroy();
  };

  const droppedLines = async (adminPort) => {
    const scrape = await fetch(`http://127.0.0.1:${adminPort}/metrics`).then((answer) => answer.text());
    return Number(scrape.match(/^log_lines_dropped_total (\d+)$/m)[1]);
  };

  for (const [what, stdio] of [["a pipe", "pipe"], ["a full disk", "full"]]) {
    test(`${what} keeps neither gateway nor web server from answering and ending, and what is lost is counted`, async () => {
      const { openSync, closeSync } = await import("node:fs");
      const { spawn } = await import("node:child_process");
      const { COMMANDS } = await import("./support/processes.mjs");
      const full = stdio === "full" ? openSync("/dev/full", "w") : undefined;
      const [port, webPort, adminPort, webAdminPort] = await freePorts(4);
      const web = { WEB_ADMIN_PORT: webAdminPort, BETTER_AUTH_URL: "http://web.test", BETTER_AUTH_SECRET: "s".repeat(40), NEON_DATABASE_URL: "postgresql://nobody@127.0.0.1:1/none", WEB_PORT: webPort };
      for (const [name, variables, url, admin] of [
        ["gateway", { PORT: port, GATEWAY_ADMIN_PORT: adminPort }, `http://127.0.0.1:${port}/health`, adminPort],
        ["web", web, `http://127.0.0.1:${webPort}/health`, webAdminPort],
      ]) {
        const [command, ...args] = COMMANDS[name];
        // Its end of the pipe is never read here.
        const child = spawn(command, args, { env: { PATH: process.env.PATH, ...variables }, stdio: ["ignore", full ?? "pipe", full ?? "pipe"] });
        const exit = new Promise((resolve) => child.on("exit", (code, signal) => resolve({ code, signal })));
        try {
          await eventually(`${name} answers`, () => fetch(url).then((answer) => answer.ok, () => false));
          await many(url);
          await eventually(`${name} counts lost lines`, async () => (await droppedLines(admin)) > 0 || (await many(url), false), 120_000);
          child.kill("SIGTERM");
          const began = Date.now();
          assert.deepEqual(await exit, { code: 0, signal: null });
          assert.ok(Date.now() - began < PATIENCE);
        } finally {
          child.kill("SIGKILL");
        }
      }
      if (full !== undefined) closeSync(full);
    });
  }
});
