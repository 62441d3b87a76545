// Each feature of the page, in a real Chromium against the whole application, and what must not go wrong with it.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { after, afterEach, before, beforeEach, describe, test } from "node:test";
import { complaintsOf, launchBrowser, signInWithCookie } from "../support/browser.mjs";
import { request } from "../support/http.mjs";
import { signUp, takeToken } from "../support/user.mjs";

const require = createRequire(import.meta.url);
const isNetworkError = (message) => message.text().includes("net::ERR_");

const day = (days) => {
  const date = new Date(Date.now() + days * 86_400_000);
  const two = (number) => String(number).padStart(2, "0");
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
};

/** `findStack` gives the running application, `proxy` the way on which the page reaches the gateway. */
export function featureSuite(findStack, findProxy) {
  let stack, proxy, browser, user, token, contexts, watched;

  before(async () => {
    stack = await findStack();
    proxy = await findProxy();
    browser = await launchBrowser();
  });
  after(() => browser?.close());

  beforeEach(async () => {
    contexts = [];
    watched = [];
    user = await signUp(stack.webUrl);
    token = await takeToken(stack.webUrl, user);
  });
  afterEach(async () => {
    proxy.restore();
    await Promise.all(contexts.map((context) => context.close()));
    for (const complaints of watched) {
      assert.deepEqual(complaints, [], "the console, with violations of the content security policy");
    }
  });

  /** Another browser, in which the user is signed in. */
  async function openBrowser({ hash = "#/", isExpected, account = user, ...options } = {}) {
    const context = await browser.newContext(options);
    contexts.push(context);
    if (account) await signInWithCookie(context, stack, account);
    return openTab(context, hash, isExpected);
  }

  async function openTab(context, hash = "#/", isExpected = undefined) {
    const page = await context.newPage();
    page.setDefaultTimeout(10_000);
    watched.push(complaintsOf(page, isExpected));
    await page.goto(`${stack.webUrl}/${hash}`);
    await page.locator("h1").waitFor();
    return page;
  }

  const api = async (method, path, json) => {
    const answer = await request(method, `${stack.apiUrl}/api/${user.id}${path}`, { token, json });
    assert.ok(answer.status < 300, answer.text);
    return answer.json;
  };
  const stored = async () => (await api("GET", "/tasks?sort_by=created_at&sort_order=asc")).items;
  const storedTitles = async () => (await stored()).map((task) => task.title);

  async function add(page, ...titles) {
    for (const title of titles) {
      const answered = posted(page);
      await page.locator(".new-todo").fill(title);
      await page.locator(".new-todo").press("Enter");
      assert.equal((await answered).status(), 201);
    }
  }

  /** Waits until the list reads so. */
  async function shows(page, ...expected) {
    const read = () => [...document.querySelectorAll(".todo-list .title")].map((element) => element.textContent);
    const reads = (wanted) => {
      const titles = [...document.querySelectorAll(".todo-list .title")].map((element) => element.textContent);
      return JSON.stringify(titles) === wanted;
    };
    await page.waitForFunction(reads, JSON.stringify(expected)).catch(async () => {
      assert.deepEqual(await page.evaluate(read), expected);
    });
  }

  const item = (page, title) => page.locator(".todo-list > li", { hasText: title });
  const posted = (page) => page.waitForResponse((response) => response.request().method() === "POST" && response.url().endsWith("/tasks"));
  const patched = (page) => page.waitForResponse((response) => response.request().method() === "PATCH");

  async function rename(page, from, to) {
    await item(page, from).locator(".title").dblclick();
    await page.locator(".edit").fill(to);
    await page.locator(".edit").press("Enter");
  }

  describe("todos", () => {
    test("have a due date, priority, list, tags and notes, which are saved field by field", async () => {
      const page = await openBrowser();
      await page.getByLabel("New list").fill("Errands");
      await page.getByLabel("New list").press("Enter");
      await page.getByRole("heading", { name: "Errands" }).waitFor();
      await page.locator(".view-all").click();
      await add(page, "Buy milk");
      await page.getByRole("button", { name: "Edit Buy milk" }).click();
      const details = page.locator(".details");
      for (const [field, act] of [
        [details.getByLabel("Notes"), (notes) => notes.fill("Two bottles")],
        [details.getByLabel("Due date"), (date) => date.fill(day(0))],
        [details.getByRole("combobox", { name: "Priority" }), (select) => select.selectOption("High")],
        [details.getByRole("combobox", { name: "List" }), (select) => select.selectOption("Errands")],
        [details.getByLabel("Tags"), (tags) => tags.fill("shop, #dairy, shop")],
      ]) {
        const answered = patched(page);
        await act(field);
        await field.blur();
        assert.equal((await answered).status(), 200);
      }
      const [task] = await stored();
      assert.deepEqual(
        [task.description, task.due_date, task.priority, task.tags],
        ["Two bottles", day(0), "High", ["shop", "dairy"]],
      );
      assert.notEqual(task.list_id, null);
      for (const name of ["Today", "Errands", "shop", "dairy"]) {
        await page.locator("#sidebar").getByRole("link", { name }).click();
        await shows(page, "Buy milk");
      }
      await page.getByRole("link", { name: "Upcoming" }).click();
      await shows(page);
    });

    test("go to Today, Upcoming and Overdue by their dates, and to the view that they are typed into", async () => {
      await api("POST", "/tasks", { title: "late", due_date: day(-1) });
      await api("POST", "/tasks", { title: "soon", due_date: day(3) });
      await api("POST", "/tasks", { title: "someday" });
      const page = await openBrowser({ hash: "#/overdue" });
      await shows(page, "late");
      assert.match(await item(page, "late").textContent(), /Overdue: Yesterday/);
      await page.getByRole("link", { name: "Upcoming" }).click();
      await shows(page, "soon");
      await page.getByRole("link", { name: "Today" }).click();
      await add(page, "now");
      await shows(page, "now");
      assert.equal((await stored()).at(-1).due_date, day(0));
    });

    test("are found by the beginnings of their words", async () => {
      await api("POST", "/tasks", { title: "Buy milk", description: "the oat kind" });
      await api("POST", "/tasks", { title: "Write a letter" });
      const page = await openBrowser();
      await shows(page, "Buy milk", "Write a letter");
      await page.getByRole("searchbox").fill("oa MIL");
      await shows(page, "Buy milk");
      await page.getByRole("searchbox").press("Escape");
      await shows(page, "Buy milk", "Write a letter");
    });

    test("are put in order by keyboard and by drag, and stay so", async () => {
      const page = await openBrowser();
      await add(page, "one", "two", "three");
      const grip = (title) => item(page, title).locator(".grip");
      let answered = patched(page);
      await grip("one").focus();
      await page.keyboard.press("ArrowDown");
      await shows(page, "two", "one", "three");
      assert.equal((await answered).status(), 200);
      await page.getByRole("status").filter({ hasText: "“one” moved to place 2 of 3." }).waitFor();
      answered = patched(page);
      await item(page, "three").hover();
      const [from, to] = [await grip("three").boundingBox(), await item(page, "two").boundingBox()];
      await page.mouse.move(from.x + from.width / 2, from.y + from.height / 2);
      await page.mouse.down();
      await page.mouse.move(to.x + 40, to.y + 4, { steps: 6 });
      await page.mouse.up();
      await shows(page, "three", "two", "one");
      assert.equal((await answered).status(), 200);
      await page.reload();
      await shows(page, "three", "two", "one");
    });

    test("that are deleted can be had back, at once or from the trash", async () => {
      const page = await openBrowser();
      await add(page, "keep", "regret");
      const remove = async () => {
        await item(page, "regret").hover();
        const answered = page.waitForResponse((response) => response.request().method() === "DELETE");
        await item(page, "regret").locator(".destroy").click();
        assert.equal((await answered).status(), 204);
        await shows(page, "keep");
      };
      await remove();
      await page.getByRole("button", { name: "Undo" }).click();
      await shows(page, "keep", "regret");
      await page.waitForFunction(() => !document.querySelector(".message-bar.shown"));
      await remove();
      await page.reload();
      await shows(page, "keep");
      await page.getByRole("link", { name: "Trash" }).click();
      await page.getByRole("button", { name: "Restore regret" }).click();
      await page.getByText("The trash is empty.").waitFor();
      await page.locator(".view-all").click();
      await shows(page, "keep", "regret");
    });

    test("are made from a pasted list, one a line", async () => {
      const page = await openBrowser();
      await page.locator(".new-todo").focus();
      await page.evaluate(() => {
        const data = new DataTransfer();
        data.setData("text/plain", "milk\r\n\n  bread \nhoney");
        document.activeElement.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
      });
      await shows(page, "milk", "bread", "honey");
    });

    test("take 255 characters, give 256 back with the reason, and make nothing of none", async () => {
      const isExpected = (message) => message.text().includes("422");
      const page = await openBrowser({ isExpected });
      await add(page, "é".repeat(255));
      await page.locator(".new-todo").fill("x".repeat(256));
      await page.locator(".new-todo").press("Enter");
      await page.getByRole("status").filter({ hasText: "was not added" }).waitFor();
      assert.equal(await page.locator(".new-todo").inputValue(), "x".repeat(256));
      await page.locator(".new-todo").fill("   ");
      await page.locator(".new-todo").press("Enter");
      await shows(page, "é".repeat(255));
    });

    test("show markup as text, in every field", async () => {
      const markup = "<img src=x onerror=alert(1)>";
      const list = await api("POST", "/lists", { name: markup });
      await api("POST", "/tasks", { title: markup, description: markup, tags: [markup], list_id: list.id });
      const page = await openBrowser();
      await shows(page, markup);
      for (const name of [markup, `#${markup}`]) await item(page, markup).getByRole("link", { name, exact: true }).waitFor();
      await page.getByRole("button", { name: `Edit ${markup}` }).click();
      assert.equal(await page.locator(".details").getByLabel("Notes").inputValue(), markup);
      assert.equal(await page.locator("#app img").count(), 0);
    });
  });

  describe("live", () => {
    test("what one browser changes, another shows", async () => {
      const [here, there] = [await openBrowser(), await openBrowser()];
      await add(here, "Buy milk");
      await shows(there, "Buy milk");
      await item(there, "Buy milk").locator(".toggle").click();
      await here.locator(".todo-list .completed").waitFor();
      await here.getByLabel("New list").fill("Errands");
      await here.getByLabel("New list").press("Enter");
      await there.getByRole("link", { name: "Errands" }).waitFor();
      await there.getByRole("button", { name: "Clear completed" }).click();
      await here.locator(".view-all").click();
      await shows(here);
    });

    test("two tabs of one browser share one stream, and the second goes on when the first closes", async () => {
      const first = await openBrowser();
      await proxy.untilStreamsOf(user.id, 1);
      const second = await openTab(first.context());
      await api("POST", "/tasks", { title: "one" });
      await shows(first, "one");
      await shows(second, "one");
      assert.equal(proxy.streamsOf(user.id), 1);
      await first.close();
      await proxy.untilStreamsOf(user.id, 0);
      await proxy.untilStreamsOf(user.id, 1);
      await api("POST", "/tasks", { title: "two" });
      await shows(second, "one", "two");
    });

    test("a stream that was cut goes on where it ended", async () => {
      const page = await openBrowser({ isExpected: isNetworkError });
      await api("POST", "/tasks", { title: "before" });
      await shows(page, "before");
      proxy.cut();
      await api("POST", "/tasks", { title: "meanwhile" });
      proxy.restore();
      await shows(page, "before", "meanwhile");
    });
  });

  describe("a change that meets another", () => {
    async function meet(choice) {
      const page = await openBrowser({ isExpected: (message) => message.text().includes("412") });
      await add(page, "Buy milk");
      const [task] = await stored();
      await item(page, "Buy milk").locator(".title").dblclick();
      await page.locator(".edit").fill("Buy oat milk");
      await api("PATCH", `/tasks/${task.id}`, { title: "Buy soy milk" });
      await page.locator(".edit").press("Enter");
      await page.getByRole("dialog").getByText("Buy soy milk", { exact: true }).waitFor();
      const answered = choice === "Keep mine" ? patched(page) : undefined;
      await page.getByRole("button", { name: choice }).click();
      await answered;
      return page;
    }

    test("wins where the user says so", async () => {
      await shows(await meet("Keep mine"), "Buy oat milk");
      assert.deepEqual(await storedTitles(), ["Buy oat milk"]);
    });

    test("gives way where the user says so", async () => {
      await shows(await meet("Keep the other"), "Buy soy milk");
      assert.deepEqual(await storedTitles(), ["Buy soy milk"]);
    });

    test("of another field asks nothing", async () => {
      const page = await openBrowser({ isExpected: (message) => message.text().includes("412") });
      await add(page, "Buy milk");
      const [task] = await stored();
      await item(page, "Buy milk").locator(".title").dblclick();
      await page.locator(".edit").fill("Buy oat milk");
      await api("PATCH", `/tasks/${task.id}`, { priority: "High" });
      await page.locator(".edit").press("Enter");
      await item(page, "Buy oat milk").getByText("High").waitFor();
      assert.equal(await page.getByRole("dialog").count(), 0);
    });
  });

  describe("while the gateway is away", () => {
    test("what is typed is kept, over a reload too, and is sent when it is back", async () => {
      const isExpected = (message) => isNetworkError(message) || message.text().includes("503");
      const page = await openBrowser({ isExpected });
      await add(page, "before");
      proxy.cut();
      await page.locator(".new-todo").fill("meanwhile");
      await page.locator(".new-todo").press("Enter");
      await item(page, "meanwhile").getByText("Not sent yet").waitFor();
      await page.locator(".new-todo").fill("half a th");
      await page.reload();
      await item(page, "meanwhile").getByText("Not sent yet").waitFor();
      assert.equal(await page.locator(".new-todo").inputValue(), "half a th");
      assert.deepEqual(await storedTitles(), ["before"]);
      proxy.restore();
      let status = 503;
      // A machine that is too busy says so: then it is not sent yet either, and can be sent again.
      for (let tries = 0; status === 503 && tries < 5; tries += 1) {
        const answered = posted(page);
        await item(page, "meanwhile").getByRole("button", { name: "Send again" }).click();
        status = (await answered).status();
      }
      assert.equal(status, 201);
      assert.deepEqual(await storedTitles(), ["before", "meanwhile"]);
    });

    test("what was carried out without an answer is not carried out twice", async () => {
      const page = await openBrowser({ isExpected: isNetworkError });
      await add(page, "before");
      // More than one: the browser itself tries again where a connection that was in use before has closed.
      proxy.loseAnswers(Infinity);
      await page.locator(".new-todo").fill("once");
      await page.locator(".new-todo").press("Enter");
      const again = item(page, "once").getByRole("button", { name: "Send again" });
      await again.waitFor();
      proxy.loseAnswers(0);
      await again.click();
      await again.waitFor({ state: "detached" });
      await shows(page, "before", "once");
      assert.deepEqual(await storedTitles(), ["before", "once"]);
    });

    test("a change is put back, and can be tried again", async () => {
      const page = await openBrowser({ isExpected: isNetworkError });
      await add(page, "Buy milk");
      proxy.cut();
      await rename(page, "Buy milk", "Buy oat milk");
      await page.getByRole("button", { name: "Try again" }).waitFor();
      await shows(page, "Buy milk");
      proxy.restore();
      const answered = patched(page);
      await page.getByRole("button", { name: "Try again" }).click();
      assert.equal((await answered).status(), 200);
      await shows(page, "Buy oat milk");
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
      const headers = { cookie: user.cookie, origin: stack.webUrl };
      assert.equal((await request("POST", `${stack.webUrl}/api/auth/sign-out`, { headers, json: {} })).status, 200);
      await page.clock.fastForward("13:00");
      await page.getByText("Your session has ended.").waitFor();
      await page.getByLabel("Email").fill(user.email);
      await page.getByLabel("Password").fill(user.password);
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
        const page = await openBrowser();
        let asked = 0;
        page.on("request", (each) => (asked += Number(each.url().endsWith("/api/auth/token"))));
        await page.clock.install({ time: Date.now() + hours * 3_600_000 });
        await page.evaluate(() => localStorage.clear());
        await page.reload();
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

    test("of another user in another tab shows that user's todos, here too", async () => {
      const bob = await signUp(stack.webUrl, "Bob");
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

  describe("for everybody", () => {
    test("all of it works by keyboard alone", async () => {
      const page = await openBrowser({ account: null });
      const keys = page.keyboard;
      const focused = () => page.evaluate(() => {
        const element = document.activeElement;
        if (element === document.body) return "";
        return element.getAttribute("aria-label") ?? (element.labels?.[0]?.textContent || element.textContent).trim();
      });
      const tabTo = async (name, key = "Tab") => {
        for (let step = 0; step < 60; step += 1) {
          if ((await focused()).startsWith(name)) return;
          await keys.press(key);
        }
        assert.fail(`${name} cannot be reached; the focus is at ${await focused()}`);
      };
      await tabTo("Create an account");
      await keys.press("Enter");
      await tabTo("Name", "Shift+Tab");
      await keys.type("Kay");
      await tabTo("Email");
      await keys.type(`k${user.email}`);
      await tabTo("Password");
      await keys.type(user.password);
      await keys.press("Enter");
      await page.locator(".new-todo:focus").waitFor();
      for (const title of ["one", "two"]) {
        await keys.type(title);
        await keys.press("Enter");
      }
      await shows(page, "one", "two");
      await tabTo("Move two");
      await keys.press("ArrowUp");
      await shows(page, "two", "one");
      await tabTo("Completed: two", "Shift+Tab").catch(() => tabTo("Completed: two"));
      await keys.press("Space");
      await page.locator(".completed").waitFor();
      await tabTo("Edit one");
      await keys.press("Enter");
      await tabTo("Notes");
      await keys.type("by hand");
      await keys.press("Escape");
      await page.locator(".details").waitFor({ state: "detached" });
      assert.equal(await focused(), "Edit one");
      await tabTo("Delete one");
      await keys.press("Enter");
      await shows(page, "two");
      assert.equal(await focused(), "Delete two");
      await tabTo("Undo");
      await keys.press("Enter");
      await shows(page, "two", "one");
      await tabTo("Skip to the todos");
      await keys.press("Enter");
      assert.equal(await page.evaluate(() => document.activeElement.id), "content");
      await tabTo("Theme", "Shift+Tab");
      await keys.type("Dark");
      assert.equal(await page.evaluate(() => document.documentElement.dataset.theme), "dark");
      await page.reload();
      await page.locator(".todo-list").waitFor();
      assert.equal(await page.evaluate(() => document.documentElement.dataset.theme), "dark");
    });

    for (const colorScheme of ["light", "dark"]) {
      test(`axe finds nothing, ${colorScheme}`, async () => {
        const axe = await readFile(require.resolve("axe-core/axe.min.js"), "utf8");
        const list = await api("POST", "/lists", { name: "Errands" });
        await api("POST", "/tasks", { title: "late", due_date: day(-1), priority: "High", tags: ["home"], list_id: list.id });
        await api("POST", "/tasks", { title: "soon", due_date: day(2), priority: "Low", description: "some notes" });
        const done = await api("POST", "/tasks", { title: "done", due_date: day(0) });
        await api("POST", `/tasks/${done.id}/complete`);
        await api("DELETE", `/tasks/${(await api("POST", "/tasks", { title: "gone" })).id}`);
        const check = async (page, what) => {
          await page.evaluate(axe);
          // Motion ends first: what fades in has less contrast on the way.
          const { violations } = await page.evaluate(async () => {
            await Promise.all(document.getAnimations().map((animation) => animation.finished));
            return globalThis.axe.run();
          });
          const said = violations.map(({ id, nodes }) => `${what}: ${id} ${nodes.map((node) => node.html).join(" ")}`);
          assert.deepEqual(said, []);
        };
        for (const viewport of [{ width: 390, height: 800 }, { width: 1280, height: 800 }]) {
          const out = await openBrowser({ account: null, colorScheme, viewport });
          await check(out, "sign in");
          await out.getByRole("button", { name: "Create an account" }).click();
          await check(out, "sign up");
          const page = await openBrowser({ colorScheme, viewport });
          for (const hash of ["#/", "#/today", "#/upcoming", "#/overdue", `#/list/${list.id}`, "#/tag/home", "#/trash", "#/tag/none"]) {
            await page.goto(`${stack.webUrl}/${hash}`);
            await page.locator("h1").waitFor();
            await check(page, hash);
          }
          await page.goto(`${stack.webUrl}/#/`);
          await item(page, "soon").hover();
          await page.getByRole("button", { name: "Edit soon" }).click();
          await check(page, "details");
          await page.keyboard.press("Escape");
          await item(page, "late").locator(".title").dblclick();
          await check(page, "editing");
          await page.keyboard.press("Escape");
          await item(page, "done").hover();
          await item(page, "done").locator(".destroy").click();
          await check(page, "message");
          await page.getByRole("button", { name: "Undo" }).click();
          if (viewport.width < 800) {
            await page.getByRole("button", { name: "Views and account" }).click();
            await check(page, "menu");
          }
        }
      });
    }

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
      const policy = (await fetch(stack.webUrl)).headers.get("content-security-policy");
      const findings = new CspEvaluator(new CspParser(policy).csp).evaluate();
      const high = findings.filter((finding) => [Severity.HIGH, Severity.HIGH_MAYBE].includes(finding.severity));
      // 'self' is as good as what is served there, and our own server serves nothing that users have uploaded.
      const ours = high.filter((finding) => !(finding.directive === "script-src" && finding.value === "'self'"));
      assert.deepEqual(ours, []);
    });
  });
}
