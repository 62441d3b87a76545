// That everybody can use the page: by keyboard, by screen reader, by touch, in both themes, and without being attacked.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { describe, test } from "node:test";
import { request } from "../support/http.mjs";
import { usePages } from "../support/pages.mjs";
import { add, day, isNetworkError, item, shows } from "../support/todo_page.mjs";
import { signInForToken } from "../support/user.mjs";

const require = createRequire(import.meta.url);

/** `findStack` gives the running application. */
export function everybodySuite(findStack) {
  const pages = usePages(findStack);
  const { openBrowser, openTab, api, stored } = pages;

  /** Motion ends first: what fades in has less contrast on the way. */
  async function assertAccessible(page, what) {
    await page.evaluate(await readFile(require.resolve("axe-core/axe.min.js"), "utf8"));
    const { violations } = await page.evaluate(async () => {
      // One that is cancelled, as by what is drawn anew, is over too.
      await Promise.allSettled(document.getAnimations().map((animation) => animation.finished));
      return globalThis.axe.run();
    });
    const said = violations.map(({ id, nodes }) => `${what}: ${id} ${nodes.map((node) => node.html).join(" ")}`);
    assert.deepEqual(said, []);
  }

  describe("for everybody", () => {
    test("all of it works by keyboard alone", async () => {
      const page = await openBrowser({ account: null, isExpected: (message) => message.text().includes("412") });
      await page.evaluate(() => addEventListener("pointerdown", () => (window.wasPointedAt = true), { capture: true }));
      const keys = page.keyboard;
      const focused = () => page.evaluate(() => {
        const element = document.activeElement;
        if (element === document.body) return "";
        return element.getAttribute("aria-label") ?? (element.labels?.[0]?.textContent || element.textContent).trim();
      });
      const tabTo = async (name, key = "Tab") => {
        for (let step = 0; step < 80; step += 1) {
          if ((await focused()).startsWith(name)) return;
          await keys.press(key);
        }
        assert.fail(`${name} cannot be reached; the focus is at ${await focused()}`);
      };
      const press = async (name, key = "Enter") => {
        await tabTo(name);
        await keys.press(key);
      };
      const type = async (name, text) => {
        await tabTo(name);
        await keys.type(text);
      };

      await press("Create an account");
      await tabTo("Name", "Shift+Tab");
      await keys.type("Kay");
      await type("Email", `k${pages.user.email}`);
      await type("Password", pages.user.password);
      await keys.press("Enter");
      await page.locator(".new-todo:focus").waitFor();

      // Making, ordering, ticking, filtering, clearing.
      for (const title of ["one", "two"]) {
        await keys.type(title);
        await keys.press("Enter");
      }
      await shows(page, "one", "two");
      await press("Move two", "ArrowUp");
      await shows(page, "two", "one");
      await press("Completed: two", "Space");
      await page.locator(".completed").waitFor();
      await press("Active");
      await shows(page, "one");
      await press("All");
      await shows(page, "two", "one");

      // Every field.
      await press("Edit one");
      await type("Notes", "by hand");
      await type("Due date", "01022030");
      await type("Due time", "0930AM");
      await type("Priority", "High");
      await type("Tags", "work");
      await keys.press("Escape");
      await page.locator(".details").waitFor({ state: "detached" });
      assert.equal(await focused(), "Edit one");
      for (const text of ["Jan 2, 2030, 09:30", "High", "#work", "by hand"]) await item(page, "one").getByText(text).waitFor();

      // Deleting, undoing, the trash.
      await press("Delete one");
      await shows(page, "two");
      assert.equal(await focused(), "Delete two");
      await press("Undo");
      await shows(page, "two", "one");
      await press("Delete two");
      await shows(page, "one");
      await press("Dismiss");
      await press("Trash");
      await press("Restore two");
      await page.getByText("The trash is empty.").waitFor();
      await press("All todos");
      await shows(page, "two", "one");
      await press("Clear completed");
      await shows(page, "one");

      // Search.
      await type("Search", "nothing");
      await page.getByText("Nothing matches.").waitFor();
      await keys.press("Escape");
      await shows(page, "one");

      // Lists: made, renamed, deleted.
      await type("New list", "Errands");
      await keys.press("Enter");
      await page.getByRole("heading", { name: "Errands" }).waitFor();
      await press("Rename the list Errands");
      await keys.press("Control+A");
      await keys.type("Chores");
      await keys.press("Enter");
      await page.getByRole("heading", { name: "Chores" }).waitFor();
      await press("Delete the list Chores");
      await page.getByRole("heading", { name: "All todos" }).waitFor();

      // A change that meets another.
      const account = { email: `k${pages.user.email}`, password: pages.user.password };
      const token = await signInForToken(pages.stack.webUrl, account);
      const { user_id } = (await request("GET", `${pages.stack.apiUrl}/api/me`, { token })).json;
      const tasks = `${pages.stack.apiUrl}/api/${user_id}/tasks`;
      const [{ id }] = (await request("GET", tasks, { token })).json.items;
      await press("Edit one");
      await keys.press("Control+A");
      await keys.type("mine");
      assert.equal((await request("PATCH", `${tasks}/${id}`, { token, json: { title: "theirs" } })).status, 200);
      await keys.press("Enter");
      await page.getByRole("dialog").waitFor();
      await press("Keep mine");
      await shows(page, "mine");

      // The rest of the page.
      await press("Skip to the todos");
      assert.equal(await page.evaluate(() => document.activeElement.id), "content");
      await tabTo("Theme", "Shift+Tab");
      await keys.type("Dark");
      assert.equal(await page.evaluate(() => document.documentElement.dataset.theme), "dark");
      await press("Sign out");
      await page.getByRole("button", { name: "Sign in" }).waitFor();
      assert.equal(await page.evaluate(() => window.wasPointedAt), undefined);
    });

    test("the theme is the system's until one is chosen, and then stays chosen, in other tabs too", async () => {
      const page = await openBrowser({ colorScheme: "dark" });
      const isDark = (tab) => tab.evaluate(() => {
        const [red] = getComputedStyle(document.body).backgroundColor.match(/\d+/g);
        return Number(red) < 128;
      });
      assert.equal(await isDark(page), true);
      await page.emulateMedia({ colorScheme: "light" });
      assert.equal(await isDark(page), false);
      const theme = page.getByLabel("Theme");
      await theme.selectOption("Dark");
      assert.equal(await isDark(page), true);
      await page.reload();
      await theme.waitFor();
      assert.equal(await isDark(page), true);
      assert.equal(await isDark(await openTab(page.context())), true);
      await theme.selectOption("System");
      assert.equal(await isDark(page), false);
    });

    for (const colorScheme of ["light", "dark"]) {
      test(`axe finds nothing, ${colorScheme}`, async () => {
        const list = await api("POST", "/lists", { name: "Errands" });
        await api("POST", "/tasks", { title: "late", due_date: day(-1), priority: "High", tags: ["home"], list_id: list.id });
        await api("POST", "/tasks", { title: "soon", due_date: day(2), priority: "Low", description: "some notes" });
        const done = await api("POST", "/tasks", { title: "done", due_date: day(0) });
        await api("POST", `/tasks/${done.id}/complete`);
        await api("DELETE", `/tasks/${(await api("POST", "/tasks", { title: "gone" })).id}`);
        for (const viewport of [{ width: 390, height: 800 }, { width: 1280, height: 800 }]) {
          const out = await openBrowser({ account: null, colorScheme, viewport });
          await assertAccessible(out, "sign in");
          await out.getByRole("button", { name: "Create an account" }).click();
          await assertAccessible(out, "sign up");
          const page = await openBrowser({ colorScheme, viewport });
          for (const hash of ["#/", "#/today", "#/upcoming", "#/overdue", `#/list/${list.id}`, "#/tag/home", "#/trash", "#/tag/none"]) {
            await page.goto(`${pages.stack.webUrl}/${hash}`);
            await page.locator("h1").waitFor();
            await assertAccessible(page, hash);
          }
          await page.goto(`${pages.stack.webUrl}/#/`);
          await item(page, "soon").hover();
          await page.getByRole("button", { name: "Edit soon" }).click();
          await assertAccessible(page, "details");
          await page.keyboard.press("Escape");
          await item(page, "late").locator(".title").dblclick();
          await assertAccessible(page, "editing");
          await page.keyboard.press("Escape");
          await item(page, "done").hover();
          await item(page, "done").locator(".destroy").click();
          await assertAccessible(page, "message");
          await page.getByRole("button", { name: "Undo" }).click();
          if (viewport.width < 800) {
            await page.getByRole("button", { name: "Views and account" }).click();
            await assertAccessible(page, "menu");
          }
        }
      });
    }

    test("axe finds nothing where two changes meet, nor where nothing can be reached", async () => {
      for (const colorScheme of ["light", "dark"]) {
        const page = await openBrowser({ colorScheme, isExpected: (message) => message.text().includes("412") });
        await add(page, "Buy milk");
        const { id } = (await stored()).at(-1);
        await item(page, "Buy milk").last().locator(".title").dblclick();
        await page.locator(".edit").fill("Buy oat milk");
        await api("PATCH", `/tasks/${id}`, { title: "Buy soy milk" });
        await page.locator(".edit").press("Enter");
        await page.getByRole("dialog").waitFor();
        await assertAccessible(page, `conflict, ${colorScheme}`);

        const prepare = (tab) => tab.route("**/api/auth/token", (route) => route.abort());
        const away = await openBrowser({ colorScheme, isExpected: isNetworkError, prepare });
        await away.getByRole("button", { name: "Try again" }).waitFor();
        await assertAccessible(away, `unreachable, ${colorScheme}`);
      }
    });

    test("axe finds nothing while todos are read, where that has failed, where a list is renamed, and in what was not sent", async () => {
      const list = await api("POST", "/lists", { name: "Errands" });
      const reading = (answer) => (tab) => tab.route("**/tasks?*", answer);
      for (const colorScheme of ["light", "dark"]) {
        const loading = await openBrowser({ colorScheme, prepare: reading(() => {}) });
        await loading.locator(".skeleton").waitFor();
        await assertAccessible(loading, `loading, ${colorScheme}`);

        const failed = await openBrowser({ colorScheme, isExpected: isNetworkError, prepare: reading((route) => route.abort()) });
        await failed.getByRole("button", { name: "Load your todos again" }).waitFor();
        await assertAccessible(failed, `failed, ${colorScheme}`);

        const page = await openBrowser({ colorScheme, isExpected: isNetworkError, hash: `#/list/${list.id}` });
        await page.getByRole("button", { name: "Rename the list Errands" }).click();
        await assertAccessible(page, `renaming, ${colorScheme}`);
        await page.keyboard.press("Escape");
        await page.route("**/tasks", (route) => route.abort());
        await page.locator(".new-todo").fill("Buy milk");
        await page.locator(".new-todo").press("Enter");
        await item(page, "Buy milk").getByText("Not sent yet").waitFor();
        await assertAccessible(page, `not sent, ${colorScheme}`);
      }
    });

    test("nothing moves where less motion is asked for", async () => {
      const page = await openBrowser({ reducedMotion: "reduce" });
      await add(page, "Buy milk");
      await page.getByRole("button", { name: "Edit Buy milk" }).click();
      const moving = await page.evaluate(() =>
        [...document.querySelectorAll("*")].filter((element) => {
          const { transitionDuration, animationName } = getComputedStyle(element);
          return transitionDuration.split(", ").some((duration) => duration !== "0s") || animationName !== "none";
        }).length);
      assert.equal(moving, 0);
    });

    test("the menu of a narrow page closes by Escape, by a press beside it, and by where it leads", async () => {
      const page = await openBrowser({ viewport: { width: 700, height: 800 } });
      const menu = page.getByRole("button", { name: "Views and account" });
      const sidebar = page.locator("#sidebar");
      const closes = async (act) => {
        await menu.click();
        await sidebar.waitFor();
        await act();
        await sidebar.waitFor({ state: "hidden" });
        assert.equal(await menu.getAttribute("aria-expanded"), "false");
      };
      await closes(() => page.keyboard.press("Escape"));
      assert.equal(await menu.evaluate((button) => button === document.activeElement), true);
      await closes(() => page.mouse.click(600, 600));
      await closes(() => page.getByRole("link", { name: "Today" }).click());
    });

    test("targets have at least 44 pixels in both directions, small print aside", async () => {
      await api("POST", "/tasks", { title: "Buy milk" });
      const page = await openBrowser({ viewport: { width: 390, height: 800 }, hasTouch: true });
      await shows(page, "Buy milk");
      const small = await page.evaluate(() =>
        [...document.querySelectorAll("button, input:not(.skip), .filters a, .view-link, select")]
          .filter((element) => element.checkVisibility() && !element.closest(".grip"))
          .map((element) => [element.className || element.tagName, element.getBoundingClientRect()])
          .filter(([, { width, height }]) => width < 44 || height < 44)
          .map(([name, { width, height }]) => `${name} ${width}x${height}`));
      assert.deepEqual(small, []);
    });

    test("csp_evaluator finds nothing high in the policy", async () => {
      const { CspEvaluator } = await import("csp_evaluator/dist/evaluator.js");
      const { CspParser } = await import("csp_evaluator/dist/parser.js");
      const { Severity } = await import("csp_evaluator/dist/finding.js");
      const policy = (await fetch(pages.stack.webUrl)).headers.get("content-security-policy");
      const findings = new CspEvaluator(new CspParser(policy).csp).evaluate();
      const high = findings.filter((finding) => [Severity.HIGH, Severity.HIGH_MAYBE].includes(finding.severity));
      // 'self' is as good as what is served there, and our own server serves nothing that users have uploaded.
      const ours = high.filter((finding) => !(finding.directive === "script-src" && finding.value === "'self'"));
      assert.deepEqual(ours, []);
    });
  });
}
