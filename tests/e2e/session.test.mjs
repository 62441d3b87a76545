// The way back from JWTs: AUTH_MODE=session takes Better Auth's own sessions, and the variable alone switches.
import assert from "node:assert/strict";
import { rm } from "node:fs/promises";
import { after, before, describe, test } from "node:test";
import { apiSuite } from "./suites/api.mjs";
import { grpcSuite } from "./suites/grpc.mjs";
import { pageSuite } from "./suites/page.mjs";
import { run } from "./support/children.mjs";
import { cookie, jwt, sessionToken } from "./support/credentials.mjs";
import { assertProblem, request } from "./support/http.mjs";
import { makeDataFolder, planStack, root, startStack } from "./support/stack.mjs";
import { signUp } from "./support/user.mjs";

let plan, dataFolder, stack, user;

/** (Re)starts the application on the same data and ports. */
async function startIn(mode) {
  await stack?.script.stop("SIGINT");
  stack = await startStack({}, { ...plan, environment: { ...plan.environment, AUTH_MODE: mode, DATA_DIR: dataFolder } });
}

const tasksOf = (headers) => request("GET", `${stack.apiUrl}/api/${user.id}/tasks`, { headers });
const tasksWith = async (credential) => tasksOf(await credential(stack, user));

before(async () => {
  plan = await planStack();
  dataFolder = await makeDataFolder();
  await startIn("session");
  user = await signUp(stack.webUrl);
  const headers = await cookie(stack, user);
  const created = await request("POST", `${stack.apiUrl}/api/${user.id}/tasks`, { headers, json: { title: "Stay" } });
  assert.equal(created.status, 201, created.text);
});
after(async () => {
  await stack?.script.stop("SIGINT");
  await rm(dataFolder, { recursive: true, force: true });
});

describe("over HTTP, with the session cookie", () => apiSuite(() => stack, cookie));
describe("over HTTP, with the opaque session token", () => apiSuite(() => stack, sessionToken));
describe("over gRPC, with the opaque session token", () => grpcSuite(() => stack, sessionToken));
describe("in the browser", () => pageSuite(() => stack, { keepsToken: false }));

describe("AUTH_MODE=session", () => {
  test("takes no JWT", async () => assertProblem(await tasksWith(jwt), 401, "MISSING_TOKEN"));

  test("passes the smoke test", async () => {
    const { code, output } = await run(`${root}scripts/smoke`, [stack.webUrl, stack.apiUrl]);
    assert.equal(code, 0, output);
    assert.match(output, /^ok {3}the API takes no JWT, but the session's cookie/m);
  });

  test("takes no session that is made up, changed, or over", async () => {
    const { cookie: real, origin } = await cookie(stack, user);
    for (const headers of [{ cookie: `${real}x`, origin }, { authorization: `Bearer ${"x".repeat(32)}` }]) {
      const answer = await tasksOf(headers);
      assert.equal(answer.status, 401, answer.text);
    }
    const leaver = await signUp(stack.webUrl);
    const out = await request("POST", `${stack.webUrl}/api/auth/sign-out`, { headers: { cookie: leaver.cookie, origin }, json: {} });
    assert.equal(out.status, 200, out.text);
    const me = await request("GET", `${stack.apiUrl}/api/me`, { headers: { cookie: leaver.cookie, origin } });
    assert.equal(me.status, 401, me.text);
  });

  test("looks at the cookie only where the page that sent it is one of ours", async () => {
    const { cookie: real } = await cookie(stack, user);
    for (const headers of [{ cookie: real }, { cookie: real, origin: "https://evil.test" }]) {
      const answer = await tasksOf(headers);
      assertProblem(answer, 403, "ORIGIN_NOT_ALLOWED");
      assert.equal(answer.headers.get("access-control-allow-origin"), null);
    }
  });
});

describe("the same data", () => {
  const finds = async (credential) => {
    const answer = await tasksWith(credential);
    assert.equal(answer.status, 200, answer.text);
    assert.deepEqual(answer.json.items.map((task) => task.title), ["Stay"]);
  };

  test("serves JWTs again and sessions no more with AUTH_MODE=jwt, and both with jwt,session", async () => {
    await finds(cookie);
    await startIn("jwt");
    await finds(jwt);
    assertProblem(await tasksWith(sessionToken), 401, "NOT_A_JWT");
    assertProblem(await tasksWith(cookie), 401, "MISSING_TOKEN");
    await startIn("jwt,session");
    for (const credential of [jwt, cookie, sessionToken]) await finds(credential);
  });
});
