// Each feature of the page, in a real Chromium against the whole application, and what must not go wrong with it.
import assert from "node:assert/strict";
import { readFile, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { afterEach, before, beforeEach, describe, test } from "node:test";
import { buildApp, launchWithoutCookies, serveInstead, signInWithCookie } from "../support/browser.mjs";
import { request } from "../support/http.mjs";
import { usePages } from "../support/pages.mjs";
import { add, item, patched, posted, rename, shows } from "../support/todo_page.mjs";
import { signInForToken, signUp, takeToken } from "../support/user.mjs";

const require = createRequire(import.meta.url);
const isNetworkError = (message) => message.text().includes("net::ERR_");

const day = (days) => {
  const date = new Date(Date.now() + days * 86_400_000);
  const two = (number) => String(number).padStart(2, "0");
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
};

/** `findStack` gives the running application, `proxy` the way on which the page reaches the gateway. */
export function featureSuite(findStack, findProxy) {
  const pages = usePages(findStack);
  const { openBrowser, openTab, api, stored, storedTitles, untilStored } = pages;
  let stack, proxy, user;

  before(async () => {
    stack = pages.stack;
    proxy = await findProxy();
  });
  beforeEach(() => (user = pages.user));
  afterEach(() => proxy.restore());

  /** Motion ends first: what fades in has less contrast on the way. */
  async function assertAccessible(page, what) {
    await page.evaluate(await readFile(require.resolve("axe-core/axe.min.js"), "utf8"));
    const { violations } = await page.evaluate(async () => {
      await Promise.all(document.getAnimations().map((animation) => animation.finished));
      return globalThis.axe.run();
    });
    const said = violations.map(({ id, nodes }) => `${what}: ${id} ${nodes.map((node) => node.html).join(" ")}`);
    assert.deepEqual(said, []);
  }

  async function pasteInto(page, text) {
    await page.locator(".new-todo").focus();
    await page.evaluate((pasted) => {
      const data = new DataTransfer();
      data.setData("text/plain", pasted);
      document.activeElement.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
    }, text);
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
      await pasteInto(page, "milk\r\n\n  bread \nhoney");
      await shows(page, "milk", "bread", "honey");
    });

    test("leave of a pasted list what is too long in the input, and add the rest", async () => {
      const page = await openBrowser();
      const long = [300, 400].map((length) => "x".repeat(length));
      await page.locator(".new-todo").fill("begun");
      await pasteInto(page, ["milk", long[0], "bread", long[1]].join("\n"));
      await shows(page, "milk", "bread");
      await page.getByRole("status").filter({ hasText: "at most 255 characters" }).waitFor();
      assert.equal(await page.locator(".new-todo").inputValue(), ["begun", ...long].join(" "));
    });

    test("take 1 character and 255, keep 256 in the input with the reason, and make nothing of none", async () => {
      const page = await openBrowser();
      await add(page, "é".repeat(255), "😀", "😀".repeat(255));
      for (const title of ["x".repeat(256), "   ", ""]) {
        await page.locator(".new-todo").fill(title);
        await page.locator(".new-todo").press("Enter");
        if (title.length > 255) await page.getByRole("status").filter({ hasText: "at most 255 characters. This one has 256." }).waitFor();
        assert.equal(await page.locator(".new-todo").inputValue(), title.trim() && title);
      }
      await shows(page, "é".repeat(255), "😀", "😀".repeat(255));
      assert.equal((await stored()).length, 3);
    });

    test("that are refused are given back to be typed on, wherever they were typed", async () => {
      const page = await openBrowser({ isExpected: (message) => message.text().includes("422") });
      await add(page, "Buy milk");
      await rename(page, "Buy milk", "x".repeat(256));
      await page.getByRole("status").filter({ hasText: "was not changed" }).waitFor();
      assert.equal(await page.locator(".edit").inputValue(), "x".repeat(256));
      await page.locator(".edit").press("Escape");
      await page.getByRole("button", { name: "Edit Buy milk" }).click();
      const tags = page.locator(".details").getByLabel("Tags");
      await tags.fill("t".repeat(51));
      const answered = patched(page);
      await tags.blur();
      assert.equal((await answered).status(), 422);
      await page.waitForFunction(() => [...document.querySelectorAll(".details input")].some((input) => input.value === "t".repeat(51)));
      assert.deepEqual(await storedTitles(), ["Buy milk"]);
    });

    test("show markup as text, in every field and wherever it comes up", async () => {
      const markup = "<img src=x onerror=alert(1)><script>x()</script>";
      const other = "<b onclick=alert(3)>other</b>";
      const account = await signUp(stack.webUrl, markup);
      const page = await openBrowser({ account, isExpected: (message) => message.text().includes("412") });
      await page.locator(".who").filter({ hasText: markup }).waitFor();
      await page.getByLabel("New list").fill(markup);
      await page.getByLabel("New list").press("Enter");
      await page.getByRole("heading", { name: markup }).waitFor();
      await add(page, markup);
      await page.getByRole("button", { name: `Edit ${markup}` }).click();
      const details = page.locator(".details");
      for (const field of ["Notes", "Tags"]) {
        const answered = patched(page);
        await details.getByLabel(field).fill(markup);
        await details.getByLabel(field).blur();
        assert.equal((await answered).status(), 200);
      }
      await page.reload();
      await page.locator(".view-all").click();
      await shows(page, markup);
      await item(page, markup).getByRole("link", { name: `#${markup}` }).click();
      await page.getByRole("heading", { name: `#${markup}` }).waitFor();
      await page.getByRole("searchbox").fill(markup);
      await shows(page, markup);
      await page.getByRole("searchbox").press("Escape");
      const token = await takeToken(stack.webUrl, account);
      const tasks = `${stack.apiUrl}/api/${account.id}/tasks`;
      const [{ id }] = (await request("GET", tasks, { token })).json.items;
      await item(page, markup).locator(".title").dblclick();
      await page.locator(".edit").fill(`${markup}${markup}`);
      assert.equal((await request("PATCH", `${tasks}/${id}`, { token, json: { title: other } })).status, 200);
      await page.locator(".edit").press("Enter");
      await page.getByRole("dialog").getByText(other, { exact: true }).waitFor();
      await page.getByRole("button", { name: "Keep the other" }).click();
      await shows(page, other);
      await item(page, other).hover();
      await item(page, other).locator(".destroy").click();
      await page.getByRole("status").filter({ hasText: `Deleted “${other}”.` }).waitFor();
      await page.getByRole("link", { name: "Trash" }).click();
      await shows(page, other);
      assert.equal(await page.locator("#app").locator("img, script, b").count(), 0);
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
      // By itself, once the page has found out that the gateway is back.
      await untilStored("before", "meanwhile");
      await item(page, "meanwhile").getByText("Not sent yet").waitFor({ state: "detached" });
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

    test("what is typed into a todo is kept too, over a reload, and can be taken back", async () => {
      const page = await openBrowser({ isExpected: isNetworkError });
      await add(page, "Buy milk", "Write");
      proxy.cut();
      await rename(page, "Buy milk", "Buy oat milk");
      await item(page, "Buy oat milk").getByText("Not sent yet").waitFor();
      await rename(page, "Write", "Write a letter");
      await item(page, "Write a letter").getByText("Not sent yet").waitFor();
      await page.getByRole("button", { name: "Take back the change of Write a letter" }).click();
      await shows(page, "Buy oat milk", "Write");
      await page.reload();
      await page.getByRole("button", { name: "Load your todos again" }).waitFor();
      proxy.restore();
      await shows(page, "Buy oat milk", "Write");
      await untilStored("Buy oat milk", "Write");
      await item(page, "Buy oat milk").getByText("Not sent yet").waitFor({ state: "detached" });
    });

    test("a tick is put back, and can be tried again", async () => {
      const page = await openBrowser({ isExpected: isNetworkError });
      await add(page, "Buy milk");
      proxy.cut();
      await item(page, "Buy milk").locator(".toggle").click();
      await page.getByRole("button", { name: "Try again" }).waitFor();
      assert.equal(await item(page, "Buy milk").locator(".toggle").isChecked(), false);
      proxy.restore();
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
      await pages.adopt(page);
      await page.goto(stack.webUrl);
      await page.getByLabel("Email").fill(user.email);
      await page.getByLabel("Password").fill(user.password);
      await page.getByRole("button", { name: "Sign in" }).click();
      await page.getByRole("alert").filter({ hasText: "Allow cookies for this site" }).waitFor();
      await close();
    });

    test("keeps its token out of localStorage where the app was built so, and still ends in every tab", async () => {
      const build = await buildApp({ TOKEN_STORAGE: "memory" });
      const page = await openBrowser({ account: null });
      await signInWithCookie(page.context(), stack, user);
      await serveInstead(page.context(), stack.webUrl, build);
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
      await type("Email", `k${user.email}`);
      await type("Password", user.password);
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
      const account = { email: `k${user.email}`, password: user.password };
      const token = await signInForToken(stack.webUrl, account);
      const { user_id } = (await request("GET", `${stack.apiUrl}/api/me`, { token })).json;
      const tasks = `${stack.apiUrl}/api/${user_id}/tasks`;
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
            await page.goto(`${stack.webUrl}/${hash}`);
            await page.locator("h1").waitFor();
            await assertAccessible(page, hash);
          }
          await page.goto(`${stack.webUrl}/#/`);
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

        const away = await openBrowser({ colorScheme, account: null, isExpected: isNetworkError });
        await away.route("**/api/auth/token", (route) => route.abort());
        await away.reload();
        await away.getByRole("button", { name: "Try again" }).waitFor();
        await assertAccessible(away, `unreachable, ${colorScheme}`);
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
      const policy = (await fetch(stack.webUrl)).headers.get("content-security-policy");
      const findings = new CspEvaluator(new CspParser(policy).csp).evaluate();
      const high = findings.filter((finding) => [Severity.HIGH, Severity.HIGH_MAYBE].includes(finding.severity));
      // 'self' is as good as what is served there, and our own server serves nothing that users have uploaded.
      const ours = high.filter((finding) => !(finding.directive === "script-src" && finding.value === "'self'"));
      assert.deepEqual(ours, []);
    });
  });
}
