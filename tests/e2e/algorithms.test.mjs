// Every algorithm that Better Auth can sign with, and the change from one key to the next.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Child, run } from "./support/children.mjs";
import { createDatabase, sql } from "./support/database.mjs";
import { request } from "./support/http.mjs";
import { planStack, root, startStack } from "./support/stack.mjs";
import { decode, signUp, takeToken } from "./support/user.mjs";

const ALGORITHMS = ["EdDSA", "ES256", "ES512", "PS256", "RS256"];
const server = `${root}services/web/dist/server/main.js`;

let plan, web, webEnvironment, user, stack;
const tokens = {};

/** (Re)starts the web server with Better Auth signing with this algorithm. */
async function startWeb(algorithm) {
  await web?.stop();
  web = new Child("node", [server], { env: { ...webEnvironment, BETTER_AUTH_JWT_ALG: algorithm } });
  await web.waitFor(/"event":"listening"/);
}

before(async () => {
  plan = await planStack();
  const database = await createDatabase();
  webEnvironment = {
    ...plan.environment,
    NEON_DATABASE_URL: database,
    BETTER_AUTH_URL: plan.webUrl,
    API_URL: plan.apiUrl,
    BETTER_AUTH_SECRET: "only-for-this-test-only-for-this-test",
  };
  const migrated = await run("node", [server, "migrate"], { env: webEnvironment });
  assert.equal(migrated.code, 0, migrated.output);
  for (const algorithm of ALGORITHMS) {
    await startWeb(algorithm);
    user ??= await signUp(plan.webUrl);
    tokens[algorithm] = await takeToken(plan.webUrl, user);
  }
  stack = await startStack({}, { ...plan, environment: { ...plan.environment, BETTER_AUTH_URL: plan.webUrl, NEON_DATABASE_URL: database } });
});
after(async () => {
  await stack?.stop();
  await web?.stop();
});

const me = (token) => request("GET", `${stack.apiUrl}/api/me`, { token });

for (const algorithm of ALGORITHMS) {
  test(`a token signed with ${algorithm} is accepted`, async () => {
    assert.equal(decode(tokens[algorithm]).header.alg, algorithm);
    const answer = await me(tokens[algorithm]);
    assert.equal(answer.status, 200, answer.text);
    assert.equal(answer.json.user_id, user.id);
  });
}

test("the first token of a new key is accepted with no restart, and the old one stays good", async () => {
  const old = await takeToken(plan.webUrl, user);
  await sql(webEnvironment.NEON_DATABASE_URL, `UPDATE auth.jwks SET "expiresAt" = now() - interval '1 second' WHERE "expiresAt" IS NULL`);
  const next = await takeToken(plan.webUrl, user);
  assert.notEqual(decode(next).header.kid, decode(old).header.kid);
  const answer = await me(next);
  assert.equal(answer.status, 200, answer.text);
  assert.equal((await me(old)).status, 200);
});

test("while Better Auth is away, tokens of known keys are accepted", async () => {
  await web.stop();
  assert.equal((await me(tokens.EdDSA)).status, 200);
});
