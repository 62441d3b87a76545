// What must not go wrong while the gateway or the sign-in server is away, and while sessions and tokens come and go.
import assert from "node:assert/strict";
import { rm } from "node:fs/promises";
import { describe, test } from "node:test";
import { buildApp, launchWithoutCookies, serveInstead, signInWithCookie } from "../support/browser.mjs";
import { request } from "../support/http.mjs";
import { usePages } from "../support/pages.mjs";
import { add, isNetworkError, item, patched, posted, rename, shows } from "../support/todo_page.mjs";
import { signUp } from "../support/user.mjs";

/** `findStack` gives the running application, `findProxy` the way on which the page reaches the gateway. */
export function sessionSuite(findStack, findProxy) {
  const pages = usePages(findStack, findProxy);
  const { openBrowser, openTab, api, stored, storedTitles, untilStored } = pages;

  describe("while the gateway is away", () => {
    test("what is typed is kept, over a reload too, and is sent when it is back", async () => {
      const isExpected = (message) => isNetworkError(message) || message.text().includes("503");
      const page = await openBrowser({ isExpected });
      await add(page, "before");
      pages.proxy.cut();
      await page.locator(".new-todo").fill("meanwhile");
      await page.locator(".new-todo").press("Enter");
      await item(page, "meanwhile").getByText("Not sent yet").waitFor();
      await page.locator(".new-todo").fill("half a th");
      await page.reload();
      await item(page, "meanwhile").getByText("Not sent yet").waitFor();
      assert.equal(await page.locator(".new-todo").inputValue(), "half a th");
      assert.deepEqual(await storedTitles(), ["before"]);
      pages.proxy.restore();
      // By itself, once the page has found out that the gateway is back.
      await untilStored("before", "meanwhile");
      await item(page, "meanwhile").getByText("Not sent yet").waitFor({ state: "detached" });
    });

    test("what was carried out without an answer is not carried out twice", async () => {
      const page = await openBrowser({ isExpected: isNetworkError });
      await add(page, "before");
      // More than one: the browser itself tries again where a connection that was in use before has closed.
      pages.proxy.loseAnswers(Infinity);
      await page.locator(".new-todo").fill("once");
      await page.locator(".new-todo").press("Enter");
      const again = item(page, "once").getByRole("button", { name: "Send again" });
      await again.waitFor();
      pages.proxy.loseAnswers(0);
      await again.click();
      await again.waitFor({ state: "detached" });
      await shows(page, "before", "once");
      assert.deepEqual(await storedTitles(), ["before", "once"]);
    });

    test("what is typed into a todo is kept too, over a reload, and can be taken back", async () => {
      const page = await openBrowser({ isExpected: isNetworkError });
      await add(page, "Buy milk", "Write");
      pages.proxy.cut();
      await rename(page, "Buy milk", "Buy oat milk");
      await item(page, "Buy oat milk").getByText("Not sent yet").waitFor();
      await rename(page, "Write", "Write a letter");
      await item(page, "Write a letter").getByText("Not sent yet").waitFor();
      await page.getByRole("button", { name: "Take back the change of Write a letter" }).click();
      await shows(page, "Buy oat milk", "Write");
      await page.reload();
      await page.getByRole("button", { name: "Load your todos again" }).waitFor();
      pages.proxy.restore();
      await shows(page, "Buy oat milk", "Write");
      await untilStored("Buy oat milk", "Write");
      await item(page, "Buy oat milk").getByText("Not sent yet").waitFor({ state: "detached" });
    });

    test("is sent by itself when it is back, and edits that met others are asked about one by one", async () => {
      const isExpected = (message) => isNetworkError(message) || message.text().includes("412");
      const page = await openBrowser({ isExpected });
      await add(page, "one", "two");
      const tasks = await stored();
      pages.proxy.cut();
      for (const title of ["one", "two"]) {
        await rename(page, title, `my ${title}`);
        await item(page, `my ${title}`).getByText("Not sent yet").waitFor();
      }
      for (const { id, title } of tasks) await api("PATCH", `/tasks/${id}`, { title: `their ${title}` });
      pages.proxy.restore();
      const dialog = page.getByRole("dialog");
      await dialog.getByText("my one", { exact: true }).waitFor();
      // Not answered by a slip, nor by leaving the page.
      await page.keyboard.press("Escape");
      await page.keyboard.press("Escape");
      await page.reload();
      await dialog.getByText("my one", { exact: true }).waitFor();
      await page.getByRole("button", { name: "Keep mine" }).click();
      await dialog.getByText("my two", { exact: true }).waitFor();
      await page.getByRole("button", { name: "Keep the other" }).click();
      await dialog.waitFor({ state: "detached" });
      await untilStored("my one", "their two");
      await shows(page, "my one", "their two");
    });

    test("signing out asks before it gives up what was not sent, and then leaves nothing of it behind", async () => {
      const page = await openBrowser({ isExpected: isNetworkError });
      await add(page, "Buy milk");
      pages.proxy.cut();
      await page.locator(".new-todo").fill("not sent");
      await page.locator(".new-todo").press("Enter");
      await item(page, "not sent").getByText("Not sent yet").waitFor();
      await page.getByRole("button", { name: "Sign out" }).click();
      await page.getByRole("button", { name: "Sign out anyway" }).click();
      await page.getByRole("button", { name: "Sign in" }).waitFor();
      await page.waitForFunction(() => localStorage.length === 0);
    });

    test("a tick is put back, and can be tried again", async () => {
      const page = await openBrowser({ isExpected: isNetworkError });
      await add(page, "Buy milk");
      pages.proxy.cut();
      await item(page, "Buy milk").locator(".toggle").click();
      await page.getByRole("button", { name: "Try again" }).waitFor();
      assert.equal(await item(page, "Buy milk").locator(".toggle").isChecked(), false);
      pages.proxy.restore();
      const answered = patched(page);
      await page.getByRole("button", { name: "Try again" }).click();
      assert.equal((await answered).status(), 200);
      assert.equal(await item(page, "Buy milk").locator(".toggle").isChecked(), true);
    });
  });

  describe("a session", () => {
    const isRefusal = (message) => message.text().includes("401");

    test("that ends keeps what is being typed", async () => {
      const page = await openBrowser({ isExpected: isRefusal });
      await add(page, "Buy milk");
      await page.clock.install();
      await page.reload();
      await shows(page, "Buy milk");
      await page.getByRole("button", { name: "Edit Buy milk" }).click();
      await page.locator(".details").getByLabel("Notes").fill("half a tho");
      const headers = { cookie: pages.user.cookie, origin: pages.stack.webUrl };
      assert.equal((await request("POST", `${pages.stack.webUrl}/api/auth/sign-out`, { headers, json: {} })).status, 200);
      await page.clock.fastForward("13:00");
      await page.getByText("Your session has ended.").waitFor();
      await page.getByLabel("Email").fill(pages.user.email);
      await page.getByLabel("Password").fill(pages.user.password);
      await page.getByRole("button", { name: "Sign in" }).click();
      assert.equal(await page.locator(".details").getByLabel("Notes").inputValue(), "half a tho");
    });

    test("goes on when the token has expired in the middle of typing", async () => {
      const page = await openBrowser();
      await page.clock.install();
      await page.reload();
      await page.locator(".new-todo").fill("half a th");
      const renewed = page.waitForResponse((response) => response.url().endsWith("/api/auth/token"));
      await page.clock.fastForward("16:00");
      assert.equal((await renewed).status(), 200);
      await page.locator(".new-todo").pressSequentially("ought");
      const answered = posted(page);
      await page.locator(".new-todo").press("Enter");
      assert.equal((await answered).status(), 201);
      assert.deepEqual(await storedTitles(), ["half a thought"]);
    });

    test("goes on though the clock is wrong by an hour, either way, and asks for no more tokens than it needs", async () => {
      for (const hours of [1, -1]) {
        let asked = 0;
        const prepare = async (page) => {
          page.on("request", (each) => (asked += Number(each.url().endsWith("/api/auth/token"))));
          await page.clock.install({ time: Date.now() + hours * 3_600_000 });
        };
        const page = await openBrowser({ prepare });
        await add(page, `at ${hours}`);
        await page.clock.fastForward("05:00");
        assert.equal(asked, 1);
      }
    });

    test("survives a token that the gateway refuses, and one that is none", async () => {
      const page = await openBrowser({ isExpected: isRefusal });
      await add(page, "Buy milk");
      const kept = await page.evaluate(() => localStorage.getItem("better_auth_access_token"));
      for (const token of [`${kept.slice(0, -8)}AAAAAAAA`, "nonsense"]) {
        await page.evaluate((value) => localStorage.setItem("better_auth_access_token", value), token);
        await page.reload();
        await shows(page, "Buy milk");
      }
    });

    test("outlives a sign-in server that is away or broken, for longer than the token", async () => {
      const isExpected = (message) => isNetworkError(message) || message.text().includes("503");
      const page = await openBrowser({ isExpected });
      await add(page, "Buy milk");
      await page.clock.install();
      await page.reload();
      await shows(page, "Buy milk");
      for (const fail of [(route) => route.abort(), (route) => route.fulfill({ status: 503 })]) {
        await page.route("**/api/auth/token", fail);
        await page.clock.fastForward("20:00");
        await page.locator(".offline").waitFor();
        await shows(page, "Buy milk");
        await page.unroute("**/api/auth/token", fail);
        await page.clock.fastForward("02:00");
        await page.locator(".offline").waitFor({ state: "detached" });
      }
      await add(page, "Write");
    });

    test("that the browser cannot keep, since cookies are off, is said to be so", async () => {
      const { context, close } = await launchWithoutCookies();
      const page = await context.newPage();
      pages.adopt(page);
      await page.goto(pages.stack.webUrl);
      await page.getByLabel("Email").fill(pages.user.email);
      await page.getByLabel("Password").fill(pages.user.password);
      await page.getByRole("button", { name: "Sign in" }).click();
      await page.getByRole("alert").filter({ hasText: "Allow cookies for this site" }).waitFor();
      await close();
    });

    test("keeps its token out of localStorage where the app was built so, and still ends in every tab", async () => {
      const build = await buildApp({ TOKEN_STORAGE: "memory" });
      const page = await openBrowser({ account: null });
      await signInWithCookie(page.context(), pages.stack, pages.user);
      await serveInstead(page.context(), pages.stack.webUrl, build);
      await page.reload();
      await add(page, "Buy milk");
      const other = await openTab(page.context(), "#/", isRefusal);
      await shows(other, "Buy milk");
      assert.doesNotMatch(await page.evaluate(() => JSON.stringify({ ...localStorage })), /eyJ/);
      await page.getByRole("button", { name: "Sign out" }).click();
      await other.getByRole("button", { name: "Sign in" }).waitFor();
      await rm(build, { recursive: true });
    });

    test("of another user in another tab shows that user's todos, here too", async () => {
      const bob = await signUp(pages.stack.webUrl, "Bob");
      const here = await openBrowser({ isExpected: isRefusal });
      await add(here, "Ada's");
      await here.locator(".new-todo").fill("Ada's draft");
      const there = await openTab(here.context(), "#/", isRefusal);
      await there.getByRole("button", { name: "Sign out" }).click();
      await here.getByRole("button", { name: "Sign in" }).waitFor();
      await there.getByLabel("Email").fill(bob.email);
      await there.getByLabel("Password").fill(bob.password);
      await there.getByRole("button", { name: "Sign in" }).click();
      await there.locator(".who", { hasText: "Bob" }).waitFor();
      await here.locator(".who", { hasText: "Bob" }).waitFor();
      await shows(here);
      assert.equal(await here.locator(".new-todo").inputValue(), "");
    });

    test("works where localStorage is full", async () => {
      const page = await openBrowser();
      await page.evaluate(() => {
        localStorage.clear();
        for (let size = 1 << 20; size > 0; size >>= 1) {
          try {
            for (;;) localStorage.setItem(`fill-${localStorage.length}`, "x".repeat(size));
          } catch {}
        }
      });
      await page.reload();
      await add(page, "Buy milk");
      await page.getByRole("button", { name: "Edit Buy milk" }).click();
      await page.locator(".details").getByLabel("Notes").pressSequentially("two");
      assert.equal(await page.locator(".details").getByLabel("Notes").inputValue(), "two");
    });
  });
}
