// What docs/runbook.md has an operator type, on a stack that runs, with what must come of it.
import assert from "node:assert/strict";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { after, before, describe, test } from "node:test";
import { createDatabase, sql } from "./support/database.mjs";
import { commandsOf, type } from "./support/document.mjs";
import { assertProblem, request } from "./support/http.mjs";
import { makeDataFolder, planStack, startStack } from "./support/stack.mjs";
import { decode, signUp, takeToken } from "./support/user.mjs";

describe("the runbook", { timeout: 600_000 }, () => {
  let plan, stack, folder, database, user;

  /** Stops what runs and starts it anew with these variables changed. */
  async function restart(changes = {}) {
    await stack?.script.stop("SIGINT");
    Object.assign(plan.environment, changes);
    stack = await startStack({}, plan);
  }
  const follow = async (id, environment = {}) =>
    type(await commandsOf("docs/runbook.md", `test=tests/e2e/runbook.test.mjs id=${id}`), { NEON_DATABASE_URL: database, ...environment });
  const tasks = (token, query = "") => request("GET", `${stack.apiUrl}/api/${user.id}/tasks${query}`, { token });
  const accepts = async (token) => assert.equal((await tasks(token)).status, 200);
  const signInAgain = async () => {
    const { email, password } = user;
    const answer = await request("POST", `${stack.webUrl}/api/auth/sign-in/email`, { json: { email, password }, headers: { origin: stack.webUrl } });
    assert.equal(answer.status, 200, answer.text);
    user.cookie = answer.headers.getSetCookie().map((line) => line.split(";")[0]).join("; ");
  };

  before(async () => {
    folder = await mkdtemp("/tmp/runbook-");
    database = await createDatabase();
    plan = await planStack({ NEON_DATABASE_URL: database, DATA_DIR: await makeDataFolder() });
    await restart();
    user = await signUp(stack.webUrl);
    const token = await takeToken(stack.webUrl, user);
    for (const title of ["One", "Two"]) {
      const answer = await request("POST", `${stack.apiUrl}/api/${user.id}/tasks`, { token, json: { title } });
      assert.equal(answer.status, 201, answer.text);
    }
  });
  after(async () => {
    await stack?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  test("a new signing key: the first token of it passes at once, and so do those of the old one", async () => {
    const old = await takeToken(stack.webUrl, user);
    await accepts(old);
    await follow("expire-keys");
    const token = await takeToken(stack.webUrl, user);
    assert.notEqual(decode(token).header.kid, decode(old).header.kid);
    await accepts(token);
    await accepts(old);
  });

  test("a backup is restored, with its users and their todos", async () => {
    const backup = { BACKUP: `${folder}/backup` };
    assert.ok(Number((await follow("back-up", backup)).trim()) > 5);
    const restored = await createDatabase();
    assert.match(await follow("restore", { ...backup, NEW_DATABASE_URL: restored }), /^schema version \d+, applied now: none$/m);
    await restart({ NEON_DATABASE_URL: restored });
    const answer = await tasks(await takeToken(stack.webUrl, user));
    assert.deepEqual(answer.json.items.map(({ title }) => title).sort(), ["One", "Two"]);
    database = restored;
  });

  test("a new key of page tokens: those that are out are refused, and lists begin again", async () => {
    const token = await takeToken(stack.webUrl, user);
    const next = `?page_size=1&page_token=${(await tasks(token, "?page_size=1")).json.next_page_token}`;
    assert.equal((await tasks(token, next)).status, 200);
    await follow("page-token-key");
    await restart();
    const refused = await tasks(token, next);
    assert.ok([400, 422].includes(refused.status), refused.text);
    await accepts(token);
  });

  test("a signing key that leaked: what it signed is refused", async () => {
    const leaked = await takeToken(stack.webUrl, user);
    await accepts(leaked);
    await follow("delete-keys");
    await restart();
    assertProblem(await tasks(leaked), 401, "UNKNOWN_KEY");
    await accepts(await takeToken(stack.webUrl, user));
  });

  test("another BETTER_AUTH_SECRET: users sign in again, and all is there", async () => {
    await follow("expire-keys");
    const secret = (await type("openssl rand -hex 32")).trim();
    await restart({ BETTER_AUTH_SECRET: secret });
    assert.notEqual((await request("GET", `${stack.webUrl}/api/auth/token`, { headers: { cookie: user.cookie } })).status, 200);
    await signInAgain();
    await accepts(await takeToken(stack.webUrl, user));
  });

  test("a session that leaked: it gives no token any more", async () => {
    await follow("end-sessions", { USER_ID: user.id });
    assert.equal((await request("GET", `${stack.webUrl}/api/auth/token`, { headers: { cookie: user.cookie } })).status, 401);
  });

  test("certificates are renewed, by the same authority", async () => {
    const certificates = { CERTIFICATES: `${folder}/certificates` };
    await type('scripts/certificates "$CERTIFICATES" verifier todo gateway', certificates);
    const read = () => Promise.all(["todo/tls.crt", "authority/ca.crt"].map((file) => readFile(`${folder}/certificates/${file}`, "utf8")));
    const [certificate, authority] = await read();
    await follow("renew-certificates", certificates);
    const [renewed, same] = await read();
    assert.notEqual(renewed, certificate);
    assert.equal(same, authority);
  });

  test("the password of the database is changed for who asks", async () => {
    await sql(database, "CREATE ROLE runbook LOGIN PASSWORD 'before'");
    const digest = () => sql(database, "SELECT rolpassword FROM pg_authid WHERE rolname = 'runbook'");
    const before = await digest();
    await follow("database-password", { NEON_DATABASE_URL: database.replace("todo@", "runbook@"), NEW_PASSWORD: "it's \"another\"" });
    assert.notEqual(await digest(), before);
    await sql(database, "DROP ROLE runbook");
  });
});
