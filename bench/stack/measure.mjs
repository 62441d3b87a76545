// The whole path of a list and of a create: ours, Fastify and FastAPI in turn, round after round; prints Markdown.
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { fileURLToPath } from "node:url";
import { startIssuer } from "./issuer.mjs";
import { cpuOf, cpuOfFamily, residentOf, start, stopAll } from "./processes.mjs";

const root = fileURLToPath(new URL("../../", import.meta.url));
const rounds = Number(process.env.ROUNDS ?? 5);
const seconds = Number(process.env.SECONDS_EACH ?? 3);
const connections = (process.env.CONNECTIONS ?? "1 16 64").split(" ").map(Number);
const { DATABASE_URL: database, POSTMASTER: postmaster } = process.env;
const users = Array.from({ length: 100 }, (_, i) => `user${String(i).padStart(28, "0")}`);
const tasksEach = 20;
const memoryCalls = Number(process.env.MEMORY_CALLS ?? 1e6);
const say = (text) => process.stderr.write(`   ${text}\n`);

function sql(statement) {
  execFileSync("psql", ["-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", database], { input: statement, stdio: ["pipe", "ignore", "inherit"] });
}

/** The three processes of ours, as an operator starts them on one machine, and how long each took to be ready. */
async function startOurs(issuer, folder) {
  const port = /"event":"listening".*?"port":(\d+)/;
  const common = { BETTER_AUTH_URL: issuer.url, NEON_DATABASE_URL: database };
  execFileSync(`${root}build/bin/todo-service`, ["migrate"], { env: common, stdio: ["ignore", "ignore", "inherit"] });
  const serving = (pattern) => new RegExp(`${pattern.source}[\\s\\S]*"event":"ready"`);
  const verifier = await start(`${folder}/token-verifier.log`, `${root}build/bin/token-verifier`, [], { ...common, VERIFIER_PORT: "0" }, serving(port));
  const todo = await start(`${folder}/todo-service.log`, `${root}build/bin/todo-service`, [],
    { ...common, TODO_PORT: "0", USER_RATE: "0", VERIFIER_ADDRESS: `127.0.0.1:${verifier.found}` }, serving(port));
  // All of the load comes from one address, which is a trusted proxy here: one client alone may have 64 connections.
  const gateway = await start(`${folder}/http-gateway.log`, `${root}build/bin/http-gateway`, [],
    { PORT: "0", TODO_ADDRESS: `127.0.0.1:${todo.found}`, TRUSTED_PROXIES: "127.0.0.1" }, port);
  return { name: "ours", port: gateway.found, pids: [verifier.pid, todo.pid, gateway.pid], parts: { verifier, todo, gateway } };
}

async function startPeer(name, command, args, issuer, folder) {
  // asyncpg takes the socket only where no host stands in front.
  const environment = { JWKS_URL: issuer.jwksUrl, ISSUER: issuer.url, DATABASE_URL: database.replace("@localhost/", "@/") };
  const { pid, found } = await start(`${folder}/${name}.log`, command, args, environment, /ready (\d+)/);
  return { name, port: found, pids: [pid] };
}

/** The same 20 tasks for each user on both sides. */
async function fill(ours, issuer) {
  sql(`INSERT INTO peer.tasks (user_id, id, title, description)
    SELECT user_id, gen_random_uuid(), 'Water the plants ' || n, 'and the cactus' FROM unnest('{${users}}'::text[]) AS user_id, generate_series(1, ${tasksEach}) AS n;`);
  for (const user of users) {
    const requests = Array.from({ length: tasksEach }, (_, n) => ({ title: `Water the plants ${n + 1}`, description: "and the cactus" }));
    const answer = await fetch(`http://127.0.0.1:${ours.port}/api/${user}/tasks:batchCreate`, {
      method: "POST",
      headers: { authorization: `Bearer ${issuer.token("EdDSA", user)}`, "content-type": "application/json" },
      body: JSON.stringify({ tasks: requests }),
    });
    if (!answer.ok) throw new Error(await answer.text());
  }
}

const micros = (text) => parseFloat(text) * (text.endsWith("us") ? 1 : text.endsWith("ms") ? 1e3 : 1e6);

/** One run of wrk against one of them. Others may not run meanwhile. */
async function load(server, kind, count, requests, duration = seconds) {
  const before = { server: cpuOf(server.pids), database: cpuOfFamily(postmaster) };
  const child = spawn("wrk", ["-t1", `-c${count}`, `-d${duration}s`, "--latency", "-s", `${root}bench/stack/load.lua`, `http://127.0.0.1:${server.port}`],
    { env: { ...process.env, KIND: kind, REQUESTS: requests }, stdio: ["ignore", "pipe", "inherit"] });
  let output = "";
  for await (const text of child.stdout.setEncoding("utf8")) output += text;
  if (/Non-2xx|Socket errors/.test(output)) throw new Error(`${server.name} failed:\n${output}`);
  const calls = Number(/(\d+) requests in/.exec(output)[1]);
  return {
    cpu: (cpuOf(server.pids) - before.server) / calls,
    databaseCpu: (cpuOfFamily(postmaster) - before.database) / calls,
    rate: Number(/Requests\/sec:\s+(\S+)/.exec(output)[1]),
    p50: micros(/50%\s+(\S+)/.exec(output)[1]),
    p99: micros(/99%\s+(\S+)/.exec(output)[1]),
    calls,
  };
}

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

/** The medians of alternating rounds, by server; a round that is not counted warms up. */
async function compare(servers, kind, count, requests) {
  const seen = new Map(servers.map(({ name }) => [name, []]));
  for (let round = 0; round <= rounds; round++) {
    for (const server of servers) {
      const result = await load(server, kind, count, requests, round === 0 ? 1 : seconds);
      if (round > 0) seen.get(server.name).push(result);
    }
    say(`${kind}, ${count} connections: round ${round} of ${rounds}`);
  }
  return new Map([...seen].map(([name, results]) =>
    [name, Object.fromEntries(Object.keys(results[0]).map((key) => [key, median(results.map((result) => result[key]))]))]));
}

const labels = { ours: "**ours**: gateway, todo service and verifier", fastify: "Fastify, jose, pg", fastapi: "FastAPI, PyJWT, asyncpg" };
const whole = (value) => Math.round(value).toLocaleString("en");

function rowsOf(compared, what) {
  return [...compared].map(([name, { cpu, databaseCpu, rate, p50, p99 }]) =>
    `| ${what} | ${labels[name]} | ${whole(cpu)} µs | ${whole(databaseCpu)} µs | ${whole(rate)} | ${whole(p50)} µs | ${whole(p99)} µs |`);
}

function ratios(compared) {
  const [ours, fastify, fastapi] = ["ours", "fastify", "fastapi"].map((name) => compared.get(name));
  return [fastapi.cpu / ours.cpu, fastify.cpu / ours.cpu, ours.rate / fastify.rate].map((ratio) => `${ratio.toFixed(1)}×`);
}

/** Resident memory after a warm-up and after a million requests more. */
async function memory(server, requests) {
  say("a million requests");
  await load(server, "list", 16, requests, 10);
  const before = residentOf(server.pids);
  let calls = 0;
  while (calls < memoryCalls) calls += (await load(server, "list", 16, requests, 20)).calls;
  return { before, after: residentOf(server.pids), calls };
}

async function main() {
  const issuer = await startIssuer();
  const folder = mkdtempSync(`${tmpdir()}/todo-load-`);
  try {
    sql(`\\i ${root}bench/peers/schema.sql`);
    const servers = [
      await startOurs(issuer, folder),
      await startPeer("fastify", process.execPath, [`${root}bench/peers/fastify_todo.mjs`], issuer, folder),
      await startPeer("fastapi", "/usr/bin/python3", [`${root}bench/peers/fastapi_todo.py`], issuer, folder),
    ];
    const [ours] = servers;
    await fill(ours, issuer);
    sql("VACUUM ANALYZE");
    const requests = Object.fromEntries(["RS256", "EdDSA"].map((alg) => {
      writeFileSync(`${folder}/${alg}`, users.map((user) => `${user} ${issuer.token(alg, user)}\n`).join(""));
      return [alg, `${folder}/${alg}`];
    }));
    const rows = [];
    const summary = [];
    for (const [kind, what] of [["list", "list of 20"], ["create", "create"]]) {
      for (const count of connections) {
        const compared = await compare(servers, kind, count, requests.RS256);
        rows.push(...rowsOf(compared, `${what}, ${count} connection${count === 1 ? "" : "s"}`));
        if (count === 16) summary.push(`| ${what}, RS256 | ${ratios(compared).join(" | ")} |`);
      }
      if (kind === "list") {
        const compared = await compare(servers, kind, 16, requests.EdDSA);
        rows.push(...rowsOf(compared, `${what}, 16 connections, EdDSA`));
        summary.push(`| ${what}, EdDSA | ${ratios(compared).join(" | ")} |`);
      }
    }
    const resident = await memory(ours, requests.RS256);
    const ready = Object.entries(ours.parts).map(([name, part]) => `${name} ${whole(part.milliseconds)} ms`).join(", ");
    process.stdout.write(`## The whole path

The same requests by wrk to our three processes and to what somebody would write by hand for them on the same PostgreSQL, one process with a
pool of ten connections each, in [bench/peers](../bench/peers): 100 users with 20 tasks each, JWTs signed with RS256 unless EdDSA is said, medians of
${rounds} alternating rounds. CPU is that of all processes of the contestant; PostgreSQL's own stands beside it. Load, PostgreSQL and contestant share
the machine. What is created by ours is numbered, counted and ordered for sync, streams and metrics; the peers insert a row.

| what | who | CPU a request | PostgreSQL's | requests/s | p50 | p99 |
| --- | --- | --- | --- | --- | --- | --- |
${rows.join("\n")}

| 16 connections | CPU, FastAPI : ours (target 10×) | CPU, Fastify : ours (4×) | requests/s, ours : Fastify (3×, create 2×) |
| --- | --- | --- | --- |
${summary.join("\n")}

From exec to SERVING: ${ready} (target of the verifier: 100 ms). Resident memory of the three together: ${whole(resident.before)} KiB warm,
${whole(resident.after)} KiB after ${whole(resident.calls)} requests more.
`);
  } finally {
    await stopAll();
    issuer.stop();
    rmSync(folder, { recursive: true });
  }
}

await main();
