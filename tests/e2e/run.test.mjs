// scripts/run and scripts/smoke as a person uses them.
import assert from "node:assert/strict";
import { readFile, rm } from "node:fs/promises";
import { openSync } from "node:fs";
import { once } from "node:events";
import { createServer } from "node:net";
import { after, before, describe, test } from "node:test";
import { Child, run } from "./support/children.mjs";
import { request } from "./support/http.mjs";
import { makeDataFolder, planStack, root, startStack } from "./support/stack.mjs";
import { signUp, takeToken } from "./support/user.mjs";

describe("a stack that is stopped and started again", () => {
  let plan, dataFolder, stack, user;

  const start = () => startStack({}, { ...plan, environment: { ...plan.environment, DATA_DIR: dataFolder } });
  const titles = async () => {
    const token = await takeToken(stack.webUrl, user);
    const answer = await request("GET", `${stack.apiUrl}/api/${user.id}/tasks`, { token });
    assert.equal(answer.status, 200, answer.text);
    return answer.json.items.map((task) => task.title);
  };

  before(async () => {
    plan = await planStack();
    dataFolder = await makeDataFolder();
    stack = await start();
    user = await signUp(stack.webUrl);
    const token = await takeToken(stack.webUrl, user);
    const url = `${stack.apiUrl}/api/${user.id}/tasks`;
    assert.equal((await request("POST", url, { token, json: { title: "Survive" } })).status, 201);
  });
  after(async () => {
    await stack?.script.stop("SIGINT");
    await rm(dataFolder, { recursive: true, force: true });
  });

  test("prints the address of the web app", () => assert.equal(stack.url, stack.webUrl));

  test("passes the smoke test", async () => {
    const { code, output } = await run(`${root}scripts/smoke`, [stack.webUrl, stack.apiUrl]);
    assert.equal(code, 0, output);
    assert.match(output, /^smoke passed/m);
  });

  test("refuses to run twice on one port or data folder, naming it", async () => {
    const onePort = await run(`${root}scripts/run`, [], { env: { ...plan.environment, DATA_DIR: dataFolder } });
    assert.equal(onePort.code, 1, onePort.output);
    assert.match(onePort.output, new RegExp(`port ${plan.environment.PORT} is in use`));
    const { environment } = await planStack();
    const oneFolder = await run(`${root}scripts/run`, [], { env: { ...environment, DATA_DIR: dataFolder } });
    assert.equal(oneFolder.code, 1, oneFolder.output);
    assert.match(oneFolder.output, /another run uses/);
  });

  test("keeps the todos, and everything ends, on SIGTERM", async () => {
    const { code } = await stack.script.stop("SIGTERM");
    assert.equal(code, 0, stack.script.output);
    await assert.rejects(fetch(`${stack.apiUrl}/health`));
    await assert.rejects(fetch(`${stack.webUrl}/health`));
    stack = await start();
    assert.deepEqual(await titles(), ["Survive"]);
  });

  test("keeps the todos when it is killed", async () => {
    await stack.script.stop("SIGKILL");
    stack = await start();
    assert.deepEqual(await titles(), ["Survive"]);
  });
});

test("prints the ready line into a file too, and the gateway's address where Better Auth is given", async () => {
  const { startIssuer } = await import("./support/issuer.mjs");
  const issuer = await startIssuer();
  const plan = await planStack({ BETTER_AUTH_URL: issuer.url });
  const dataFolder = await makeDataFolder();
  const log = `${dataFolder}/output`;
  const fd = openSync(log, "w");
  const script = new Child(`${root}scripts/run`, [], {
    env: { ...plan.environment, DATA_DIR: dataFolder },
    stdio: ["ignore", fd, fd],
  });
  for (let healthy = false; !healthy; ) {
    healthy = await fetch(`${plan.apiUrl}/readyz`).then((answer) => answer.ok, () => false);
  }
  for (let text = ""; !/^ready /m.test(text); ) text = await readFile(log, "utf8");
  assert.match(await readFile(log, "utf8"), new RegExp(`^ready ${plan.apiUrl}$`, "m"));
  assert.equal((await script.stop("SIGTERM")).code, 0);
  await issuer.stop();
  await rm(dataFolder, { recursive: true, force: true });
});

test("runs with the example's .env, which is one for containers", async () => {
  const example = (await readFile(`${root}.env.example`, "utf8")).matchAll(/^([A-Z_]+)=(.*)$/gm);
  const { environment, ...addresses } = await planStack();
  const ports = { PORT: environment.PORT, WEB_PORT: environment.WEB_PORT, API_URL: addresses.apiUrl, ALLOWED_ORIGINS: addresses.webUrl };
  const stack = await startStack({}, { ...addresses, environment: { ...environment, ...Object.fromEntries([...example].map(([, ...pair]) => pair)), ...ports } });
  assert.equal(stack.url, addresses.webUrl);
  const { code, output } = await run(`${root}scripts/smoke`, [stack.webUrl, stack.apiUrl]);
  assert.equal(code, 0, output);
  await stack.stop();
});

test("a port in use is named, with what to do", async () => {
  const blocker = createServer().listen(0, "127.0.0.1");
  await once(blocker, "listening");
  const port = blocker.address().port;
  const { environment } = await planStack({ PORT: port });
  const { code, output } = await run(`${root}scripts/run`, [], { env: environment });
  assert.equal(code, 1, output);
  assert.match(output, new RegExp(`port ${port} is in use.*PORT=`));
  blocker.close();
});

test("a key set that cannot be fetched ends the verifier with the reason", { timeout: 90_000 }, async () => {
  const { startIssuer } = await import("./support/issuer.mjs");
  const issuer = await startIssuer();
  await issuer.stop();
  const verifier = await run(`${root}build/bin/token-verifier`, [], {
    env: { BETTER_AUTH_URL: issuer.url, VERIFIER_PORT: "0" },
  });
  assert.notEqual(verifier.code, 0);
  assert.match(verifier.output, /JWKS endpoint is unreachable/);
});
