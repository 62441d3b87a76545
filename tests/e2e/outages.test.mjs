// What happens to the page while something behind it goes away and comes back, for real: the gateway that the page talks
// to is a process of these tests, and so is the database with Better Auth's keys.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { Child } from "./support/children.mjs";
import { createDatabase, sql } from "./support/database.mjs";
import { usePages } from "./support/pages.mjs";
import { freePorts } from "./support/ports.mjs";
import { planStack, root, startStack } from "./support/stack.mjs";
import { add, isNetworkError, item, rename, shows } from "./support/todo_page.mjs";
import { decode } from "./support/user.mjs";

let stack, database, gateway, startGateway;

before(async () => {
  database = await createDatabase();
  const [port] = await freePorts(1);
  const plan = await planStack({ NEON_DATABASE_URL: database, API_URL: `http://localhost:${port}` });
  stack = await startStack({}, plan);
  startGateway = async () => {
    const TODO_ADDRESS = stack.todoAddress.replace("http://", "");
    const env = { ...process.env, PORT: port, TODO_ADDRESS, ALLOWED_ORIGINS: stack.webUrl };
    gateway = new Child(`${root}build/bin/http-gateway`, [], { env });
    await gateway.waitFor(/"event":"listening"/);
  };
  await startGateway();
});
after(async () => {
  await gateway?.stop();
  await stack?.stop();
});

describe("the page", () => {
  const { openBrowser, api, storedTitles, untilStored } = usePages(() => stack);

  for (const signal of ["SIGTERM", "SIGKILL"]) {
    test(`loses nothing and sends nothing twice while the gateway is away, ended by ${signal}`, async () => {
      const page = await openBrowser({ isExpected: (message) => isNetworkError(message) || message.text().includes("503") });
      await add(page, "Buy milk");
      // A call that hangs when the gateway ends: it may have been carried out or not.
      process.kill(gateway.pid, "SIGSTOP");
      await page.locator(".new-todo").fill("asked before");
      await page.locator(".new-todo").press("Enter");
      const ended = gateway.stop(signal);
      if (signal !== "SIGKILL") process.kill(gateway.pid, "SIGCONT");
      await ended;
      await page.locator(".new-todo").fill("asked while away");
      await page.locator(".new-todo").press("Enter");
      await rename(page, "Buy milk", "Buy oat milk");
      await item(page, "Buy oat milk").getByText("Not sent yet").waitFor();
      await page.locator(".new-todo").fill("half a th");
      await page.reload();
      await page.getByRole("button", { name: "Load your todos again" }).waitFor();
      await startGateway();
      await shows(page, "Buy oat milk", "asked before", "asked while away");
      await untilStored("Buy oat milk", "asked before", "asked while away");
      assert.equal(await page.locator(".new-todo").inputValue(), "half a th");
      await api("POST", "/tasks", { title: "live again" });
      await item(page, "live again").waitFor({ timeout: 60_000 });
    });
  }

  test("goes on over a rotation of the signing key, with the old token and with a new one", async () => {
    const page = await openBrowser();
    const kid = () => page.evaluate(() => localStorage.getItem("better_auth_access_token")).then((token) => decode(token).header.kid);
    await add(page, "by the old key");
    const before = await kid();
    await sql(database, `UPDATE auth.jwks SET "expiresAt" = now() - interval '1 second'`);
    await add(page, "by the old key still");
    assert.equal(await kid(), before);
    await page.clock.install();
    await page.reload();
    await shows(page, "by the old key", "by the old key still");
    const renewed = page.waitForResponse((response) => response.url().endsWith("/api/auth/token"));
    await page.clock.fastForward("13:00");
    assert.equal((await renewed).status(), 200);
    await add(page, "by the new key");
    assert.notEqual(await kid(), before);
    assert.deepEqual(await storedTitles(), ["by the old key", "by the old key still", "by the new key"]);
  });
});
