// What users see while containers are restarted, added and lost: outcomes as they are promised, and no acknowledged write lost.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, describe, test } from "node:test";
import { request } from "../e2e/support/http.mjs";
import { signUp, takeToken } from "../e2e/support/user.mjs";
import { Deployment, must } from "./support/deployment.mjs";
import { Load, titlesOf } from "./support/load.mjs";

let deployment, users;

async function makeUser() {
  const account = await signUp(deployment.webUrl);
  const token = await takeToken(deployment.webUrl, account);
  return { url: `${deployment.apiUrl}/api/${account.id}/tasks`, token: () => token };
}

before(async () => {
  // Ten seconds, so that a new replica need not be waited for.
  deployment = await Deployment.create({ GRPC_CONNECTION_AGE_SECONDS: 10, USER_RATE: 0 });
  await deployment.build();
  await deployment.compose("up", "-d");
  await deployment.untilHealthy();
  users = await Promise.all(Array.from({ length: 4 }, makeUser));
});
after(() => deployment?.remove());

/** Stops a service's container under load and starts it again; gives what was answered, and how long it took to be well. */
async function restartUnderLoad(t, service) {
  const [container] = await deployment.inspect(service);
  const others = async () =>
    (await deployment.inspect()).filter(({ State, Id }) => State.Running && Id !== container.Id).map(({ Id, State }) => `${Id} ${State.StartedAt}`).sort();
  const before = await others();
  const load = new Load(users);
  await load.untilWell();
  const began = Date.now();
  await must("docker", ["stop", "-t", "30", container.Id]);
  const [{ State: stopped }] = await deployment.inspect(service);
  await must("docker", ["start", container.Id]);
  await load.untilWell();
  await deployment.untilHealthy();
  const { State } = (await deployment.inspect(service))[0];
  await load.stop();
  await load.settle();
  const failures = load.attempts.filter(({ status }) => status !== 200 && status !== 201);
  const last = Math.max(0, ...failures.map(({ ended }) => ended));
  const [took, down] = [Date.parse(stopped.FinishedAt) - began, Date.parse(State.StartedAt) - Date.parse(stopped.FinishedAt)];
  const back = Math.max(0, last - Date.parse(State.StartedAt));
  t.diagnostic(`${service}: ended after ${took} ms with ${stopped.ExitCode}, was gone for ${down} ms, last failure ${back} ms after it had ` +
    `started again; ${load.attempts.length} calls, ${failures.length} failed: ${kinds(failures).join(", ") || "none"}`);
  return { load, failures, back, took, exitCode: stopped.ExitCode, before, others: await others() };
}

const kinds = (attempts) => [...new Set(attempts.map(({ method, status, reason }) => `${method} ${status}${reason ? ` ${reason}` : ""}`))].sort();

/** What must hold whatever was restarted. */
async function assertRestarted(outcome) {
  assert.equal(outcome.exitCode, 0);
  assert.ok(outcome.took < 15_000, `ended only after ${outcome.took} ms`);
  assert.ok(outcome.back < 5_000, `well only ${outcome.back} ms after it had started: ${kinds(outcome.failures)}`);
  assert.deepEqual(outcome.others, outcome.before, "another container was restarted too");
  await assertNothingLost(outcome.load);
}

async function assertNothingLost(load) {
  assert.ok(load.creates.length > 50, `only ${load.creates.length} creates`);
  for (const user of users) {
    const titles = await titlesOf(user);
    assert.equal(new Set(titles).size, titles.length, "a create was carried out twice");
    const stored = new Set(titles);
    const lost = load.creates.filter((create) => create.user === user && !stored.has(create.title));
    assert.deepEqual(lost.map(({ title }) => title), []);
  }
}

function assertUnavailable(failures) {
  for (const failure of failures) {
    assert.ok([503, 504].includes(failure.status), JSON.stringify(failure));
    if (failure.status === 503) assert.ok(Number(failure.retryAfter) >= 1, JSON.stringify(failure));
    assert.ok(failure.json.error_code, JSON.stringify(failure));
  }
}

describe("restarted under load", () => {
  test("the web server: whoever has a token notices nothing", async (t) => {
    const outcome = await restartUnderLoad(t, "web");
    assert.deepEqual(kinds(outcome.failures), []);
    await assertRestarted(outcome);
  });

  test("the verifier: no call fails but by 503", async (t) => {
    const outcome = await restartUnderLoad(t, "verifier");
    assertUnavailable(outcome.failures);
    await assertRestarted(outcome);
  });

  // Where it is back within a second, calls waited for it and none failed.
  test("the todo service: no call fails but by 503", async (t) => {
    const outcome = await restartUnderLoad(t, "todo");
    assertUnavailable(outcome.failures);
    await assertRestarted(outcome);
  });

  test("PostgreSQL: 503 or 504 meanwhile, and no other process is restarted", async (t) => {
    const outcome = await restartUnderLoad(t, "postgres");
    assertUnavailable(outcome.failures);
    assert.ok(outcome.failures.length > 0, "nobody noticed");
    await assertRestarted(outcome);
  });

  test("the gateway: nobody is reached meanwhile, and nothing is half done", async (t) => {
    const outcome = await restartUnderLoad(t, "gateway");
    const answered = outcome.failures.filter(({ status }) => status !== 0);
    assertUnavailable(answered);
    await assertRestarted(outcome);
  });
});

describe("scaled out", () => {
  const logOf = (id) => must("docker", ["logs", id]);
  const count = (text, pattern) => text.match(pattern)?.length ?? 0;
  const handled = /"event":"rpc"[^\n]*ListTasks/g;
  const decided = /"event":"invalid_signature"/g;

  /** How many lines of a kind each container of the service has written. */
  async function counts(service, pattern) {
    const ids = await deployment.containers(service);
    return new Map(await Promise.all(ids.map(async (id) => [id, count(await logOf(id), pattern)])));
  }
  const added = (before, after) => [...after].map(([id, now]) => now - (before.get(id) ?? 0));

  async function list(user) {
    const answer = await request("GET", `${user.url}?page_size=1`, { token: user.token() });
    assert.equal(answer.status, 200, answer.text);
  }

  /** Calls until every replica has been given one, then as often as it says, eight at a time; gives each replica's share. */
  async function shares(service, pattern, times, call) {
    const first = await counts(service, pattern);
    const deadline = Date.now() + 60_000;
    do {
      for (let i = 0; i < 12; i += 1) await call();
      assert.ok(Date.now() < deadline, `not all replicas of ${service} are found: ${added(first, await counts(service, pattern))}`);
    } while (added(first, await counts(service, pattern)).some((each) => each === 0));
    const begin = await counts(service, pattern);
    await Promise.all(Array.from({ length: 8 }, async () => { for (let i = 0; i < times / 8; i += 1) await call(); }));
    return added(begin, await counts(service, pattern));
  }

  function assertEven(t, shares, total) {
    t.diagnostic(`${total} calls were spread as ${shares.join(" : ")}`);
    assert.equal(shares.reduce((sum, each) => sum + each, 0), total);
    const mean = total / shares.length;
    for (const each of shares) assert.ok(Math.abs(each - mean) <= mean / 10, `not within 10 %: ${shares}`);
  }

  before(async () => {
    await deployment.compose("up", "-d", "--no-build", "--scale", "todo=3", "--scale", "verifier=2");
    await deployment.untilHealthy();
  });

  test("new replicas of the todo service are found, and calls are spread over them within 10 %", async (t) => {
    assert.equal((await deployment.containers("todo")).length, 3);
    assertEven(t, await shares("todo", handled, 1200, () => list(users[0])), 1200);
  });

  test("new replicas of the verifier are found, and tokens are spread over them within 10 %", async (t) => {
    assert.equal((await deployment.containers("verifier")).length, 2);
    // Each token is another one, which no replica knows, and a bad one, which none remembers.
    const reject = async () => {
      const [head, body] = users[0].token().split(".");
      const signature = Buffer.from(randomUUID() + randomUUID().slice(0, 28)).toString("base64url");
      const answer = await request("GET", users[0].url, { token: `${head}.${body}.${signature}` });
      assert.equal(answer.status, 401, answer.text);
    };
    assertEven(t, await shares("verifier", decided, 400, reject), 400);
  });

  test("a replica that is killed is left at once by calls that can be repeated, and loses no write", async () => {
    // Four calls at once: of more that fail together the gateway's budget leaves some to their callers.
    const load = new Load(users, 1);
    await load.untilWell();
    const [victim] = await deployment.containers("todo");
    await must("docker", ["kill", victim]);
    await load.untilWell();
    await load.stop();
    await load.settle();
    // Reads, and writes with a key, are sent again by the gateway.
    assert.deepEqual(load.attempts.filter(({ status }) => status !== 200 && status !== 201), []);
    await assertNothingLost(load);
    for (let i = 0; i < 60; i += 1) await list(users[1]);
  });

  test("scaled in again, nothing fails but by 503, and the rest serves", async () => {
    await deployment.compose("up", "-d", "--no-build", "--scale", "todo=3", "--scale", "verifier=2");
    await deployment.untilHealthy();
    const load = new Load(users);
    await load.untilWell();
    await deployment.compose("up", "-d", "--no-build", "--scale", "todo=1", "--scale", "verifier=1");
    await load.untilWell();
    await load.stop();
    await load.settle();
    assertUnavailable(load.attempts.filter(({ status }) => status !== 200 && status !== 201));
    await assertNothingLost(load);
    assert.equal((await deployment.containers("todo")).length, 1);
  });
});
