// Each feature of the page, in a real Chromium against the whole application.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { request } from "../support/http.mjs";
import { usePages } from "../support/pages.mjs";
import { add, day, holdBack, isNetworkError, item, patched, posted, rename, settling, shows } from "../support/todo_page.mjs";
import { signUp, takeToken } from "../support/user.mjs";

/** `findStack` gives the running application, `findProxy` the way on which the page reaches the gateway. */
export function featureSuite(findStack, findProxy) {
  const pages = usePages(findStack, findProxy);
  const { openBrowser, openTab, api, stored, storedTitles } = pages;

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

    test("go on being edited, in place and in all fields, when the answer to their creation comes", async () => {
      const page = await openBrowser();
      const release = await holdBack(page, "POST", "/tasks");
      await page.locator(".new-todo").fill("Buy milk");
      await page.locator(".new-todo").press("Enter");
      await item(page, "Buy milk").locator(".title").dblclick();
      await page.locator(".edit").fill("Buy oat");
      let answered = posted(page);
      release();
      assert.equal((await answered).status(), 201);
      await page.locator(".edit").pressSequentially(" milk");
      await settling(page, () => page.locator(".edit").press("Enter"));
      await shows(page, "Buy oat milk");

      const releaseNext = await holdBack(page, "POST", "/tasks");
      await page.locator(".new-todo").fill("Write");
      await page.locator(".new-todo").press("Enter");
      await page.getByRole("button", { name: "Edit Write" }).click();
      const notes = page.locator(".details").getByLabel("Notes");
      await notes.fill("half a ");
      answered = posted(page);
      releaseNext();
      assert.equal((await answered).status(), 201);
      await notes.pressSequentially("thought");
      await page.reload();
      await page.locator(".details").waitFor();
      assert.equal(await notes.inputValue(), "half a thought");
    });

    test("that the view they are typed into will not show are said to be elsewhere", async () => {
      const page = await openBrowser({ hash: "#/upcoming" });
      await add(page, "due tomorrow");
      await shows(page, "due tomorrow");
      for (const leave of [() => page.getByRole("link", { name: "Overdue" }).click(), () => page.getByRole("searchbox").fill("zzz")]) {
        await leave();
        await add(page, "elsewhere");
        await page.getByRole("status").filter({ hasText: "“elsewhere” is among All todos." }).waitFor();
        await page.getByRole("button", { name: "Dismiss" }).click();
      }
      assert.deepEqual((await stored()).map((task) => task.due_date), [day(1), null, null]);
    });

    test("show markup as text, in every field and wherever it comes up", async () => {
      const markup = "<img src=x onerror=alert(1)><script>x()</script>";
      const other = "<b onclick=alert(3)>other</b>";
      const account = await signUp(pages.stack.webUrl, markup);
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
      const token = await takeToken(pages.stack.webUrl, account);
      const tasks = `${pages.stack.apiUrl}/api/${account.id}/tasks`;
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

  test("a list is made once, however often Enter is pressed, and what is typed next stays", async () => {
    const page = await openBrowser();
    const release = await holdBack(page, "POST", "/lists");
    const input = page.getByLabel("New list");
    await input.fill("Errands");
    await input.press("Enter");
    await input.press("Enter");
    await input.pressSequentially("Home");
    release();
    await page.getByRole("heading", { name: "Errands" }).waitFor();
    assert.equal(await input.inputValue(), "Home");
    assert.deepEqual((await api("GET", "/lists")).items.map((list) => list.name), ["Errands"]);
  });

  test("the trash is not said to be empty before it has been read, and can be read again", async () => {
    const page = await openBrowser({ isExpected: isNetworkError });
    await add(page, "gone");
    await item(page, "gone").hover();
    await settling(page, () => item(page, "gone").locator(".destroy").click(), 204);
    await page.reload();
    await page.getByText("Nothing to do.").waitFor();
    const refuse = (route) => route.abort();
    await page.route("**/tasks?*show_deleted*", refuse);
    await page.getByRole("link", { name: "Trash" }).click();
    const again = page.getByRole("button", { name: "Load your trash again" });
    await again.waitFor();
    await page.unroute("**/tasks?*show_deleted*", refuse);
    const release = await holdBack(page, "GET", "/tasks?");
    await again.click();
    await page.getByText("Loading your trash…").waitFor();
    release();
    await shows(page, "gone");
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
      await pages.proxy.untilStreamsOf(pages.user.id, 1);
      const second = await openTab(first.context());
      await api("POST", "/tasks", { title: "one" });
      await shows(first, "one");
      await shows(second, "one");
      assert.equal(pages.proxy.streamsOf(pages.user.id), 1);
      await first.close();
      await pages.proxy.untilStreamsOf(pages.user.id, 1, 2);
      await api("POST", "/tasks", { title: "two" });
      await shows(second, "one", "two");
    });

    test("a stream that was cut goes on where it ended", async () => {
      const page = await openBrowser({ isExpected: isNetworkError });
      await api("POST", "/tasks", { title: "before" });
      await shows(page, "before");
      pages.proxy.cut();
      await api("POST", "/tasks", { title: "meanwhile" });
      pages.proxy.restore();
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
}
