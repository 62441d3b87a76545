// The whole application as it comes: AUTH_MODE=jwt.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { apiSuite } from "./suites/api.mjs";
import { everybodySuite } from "./suites/everybody.mjs";
import { featureSuite } from "./suites/features.mjs";
import { grpcSuite } from "./suites/grpc.mjs";
import { pageSuite } from "./suites/page.mjs";
import { sessionSuite } from "./suites/sessions.mjs";
import { todomvcSuite } from "./suites/todomvc.mjs";
import { cookie, jwt, sessionToken } from "./support/credentials.mjs";
import { assertProblem, request } from "./support/http.mjs";
import { startSeverableProxy } from "./support/severable_proxy.mjs";
import { planStack, startStack } from "./support/stack.mjs";
import { decode, signUp, takeToken } from "./support/user.mjs";

let stack, proxy;
before(async () => {
  const plan = await planStack();
  // Pages reach the gateway by a way that can be cut.
  proxy = await startSeverableProxy(() => plan.apiUrl);
  stack = await startStack({}, { ...plan, environment: { ...plan.environment, API_URL: proxy.url } });
});
after(async () => {
  await stack?.stop();
  await proxy?.stop();
});

describe("over HTTP, with a JWT", () => apiSuite(() => stack, jwt));
describe("over gRPC, with a JWT", () => grpcSuite(() => stack, jwt));
describe("in the browser", () => {
  pageSuite(() => ({ ...stack, apiUrl: proxy.url }), { keepsToken: true });
  todomvcSuite(() => stack);
  featureSuite(() => stack, () => proxy);
  sessionSuite(() => stack, () => proxy);
  everybodySuite(() => stack);
});

describe("a session", () => {
  let user, me;
  before(async () => {
    user = await signUp(stack.webUrl);
    me = async (credential) => request("GET", `${stack.apiUrl}/api/me`, { headers: await credential(stack, user) });
  });

  test("is told from a JWT", async () => {
    const answer = await me(sessionToken);
    assertProblem(answer, 401, "NOT_A_JWT");
    assert.match(answer.headers.get("www-authenticate"), /error="invalid_token"/);
  });

  test("is not taken as a cookie, nor may a page send one", async () => {
    const answer = await me(cookie);
    assertProblem(answer, 401, "MISSING_TOKEN");
    assert.equal(answer.headers.get("access-control-allow-credentials"), null);
  });

  test("gives a JWT that holds what the services need and nothing more", async () => {
    const { payload } = decode(await takeToken(stack.webUrl, user));
    assert.deepEqual(Object.keys(payload).sort(), ["aud", "email", "exp", "iat", "iss", "name", "sub"]);
  });
});
