// Each behaviour that the TodoMVC application specification names, in its order, in a real Chromium against the whole
// application.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { usePages } from "../support/pages.mjs";
import { add, item, settling, shows } from "../support/todo_page.mjs";

/** `findStack` gives the running application. */
export function todomvcSuite(findStack) {
  const { openBrowser, storedTitles } = usePages(findStack);
  const withTodos = async (...titles) => {
    const page = await openBrowser();
    await add(page, ...titles);
    return page;
  };
  const toggle = (page, title) => settling(page, () => item(page, title).locator(".toggle").click());
  const classesOf = (locator) => locator.evaluate((element) => [...element.classList]);

  describe("no todos", () => {
    test("the list and the footer are not there", async () => {
      const page = await openBrowser();
      await page.getByText("Nothing to do.").waitFor();
      assert.equal(await page.locator(".main").count(), 0);
      assert.equal(await page.locator(".footer").count(), 0);
    });
  });

  describe("a new todo", () => {
    test("is typed into an input that has the focus when the page has loaded", async () => {
      const page = await openBrowser();
      await page.locator(".new-todo:focus").waitFor();
      assert.equal(await page.locator(".new-todo").getAttribute("placeholder"), "What needs to be done?");
    });

    test("is appended by Enter, which clears the input", async () => {
      const page = await withTodos("one", "two");
      await shows(page, "one", "two");
      assert.equal(await page.locator(".new-todo").inputValue(), "");
    });

    test("is trimmed, and not made of nothing", async () => {
      const page = await openBrowser();
      await page.locator(".new-todo").fill("   ");
      await page.locator(".new-todo").press("Enter");
      await add(page, "  one  ");
      await shows(page, "one");
      assert.deepEqual(await storedTitles(), ["one"]);
    });
  });

  describe("mark all as complete", () => {
    test("makes all todos what it is itself", async () => {
      const page = await withTodos("one", "two");
      await page.locator(".toggle-all").check();
      await page.locator(".completed").nth(1).waitFor();
      await page.locator(".toggle-all").uncheck();
      await page.locator(".completed").first().waitFor({ state: "detached" });
      assert.equal(await page.locator(".todo-count").textContent(), "2 items left");
    });

    test("follows the single todos", async () => {
      const page = await withTodos("one", "two");
      const isAll = () => page.locator(".toggle-all").isChecked();
      await toggle(page, "one");
      assert.equal(await isAll(), false);
      await toggle(page, "two");
      assert.equal(await isAll(), true);
      await toggle(page, "one");
      assert.equal(await isAll(), false);
    });

    test("is off again once the completed ones are cleared", async () => {
      const page = await withTodos("one");
      await settling(page, () => page.locator(".toggle-all").check());
      await settling(page, () => page.locator(".clear-completed").click(), 204);
      await add(page, "two");
      assert.equal(await page.locator(".toggle-all").isChecked(), false);
    });
  });

  describe("an item", () => {
    test("is completed by its checkbox, which marks it", async () => {
      const page = await withTodos("one", "two");
      await toggle(page, "one");
      assert.ok((await classesOf(item(page, "one"))).includes("completed"));
      assert.ok(!(await classesOf(item(page, "two"))).includes("completed"));
      await toggle(page, "one");
      assert.ok(!(await classesOf(item(page, "one"))).includes("completed"));
    });

    test("is edited by a double click", async () => {
      const page = await withTodos("one");
      await item(page, "one").locator(".title").dblclick();
      await page.locator("li.editing .edit:focus").waitFor();
    });

    test("shows its remove button where the mouse is", async () => {
      const page = await withTodos("one", "two");
      const opacity = (title) => item(page, title).locator(".destroy").evaluate(async (button) => {
        await Promise.all(button.getAnimations().map((animation) => animation.finished));
        return getComputedStyle(button).opacity;
      });
      await page.locator(".new-todo").hover();
      assert.equal(await opacity("one"), "0");
      await item(page, "one").hover();
      assert.equal(await opacity("one"), "1");
      await settling(page, () => item(page, "one").locator(".destroy").click(), 204);
      await shows(page, "two");
    });
  });

  describe("editing", () => {
    const editing = async (...titles) => {
      const page = await withTodos(...titles);
      await item(page, titles[0]).locator(".title").dblclick();
      return page;
    };

    test("hides the other controls, and begins with the title", async () => {
      const page = await editing("one");
      assert.equal(await page.locator(".edit").inputValue(), "one");
      assert.equal(await page.locator(".editing").locator(".toggle, .title, .destroy").count(), 0);
    });

    test("is saved by Enter, trimmed", async () => {
      const page = await editing("one");
      await page.locator(".edit").fill("  other ");
      await settling(page, () => page.locator(".edit").press("Enter"));
      await shows(page, "other");
      assert.equal(await page.locator(".editing").count(), 0);
      assert.deepEqual(await storedTitles(), ["other"]);
    });

    test("is saved by leaving it", async () => {
      const page = await editing("one", "two");
      await page.locator(".edit").fill("other");
      await settling(page, () => page.locator(".new-todo").click());
      await shows(page, "other", "two");
      assert.equal(await page.locator(".editing").count(), 0);
    });

    test("to nothing deletes", async () => {
      const page = await editing("one", "two");
      await page.locator(".edit").fill("   ");
      await settling(page, () => page.locator(".edit").press("Enter"), 204);
      await shows(page, "two");
    });

    test("is left by Escape without a change", async () => {
      const page = await editing("one");
      await page.locator(".edit").fill("other");
      await page.locator(".edit").press("Escape");
      await shows(page, "one");
      assert.equal(await page.locator(".editing").count(), 0);
      assert.deepEqual(await storedTitles(), ["one"]);
    });
  });

  test("the counter counts what is active, in a <strong>, and knows one from many", async () => {
    const page = await withTodos("one");
    const count = page.locator(".todo-count");
    assert.equal(await count.textContent(), "1 item left");
    assert.equal(await count.locator("strong").textContent(), "1");
    await add(page, "two");
    assert.equal(await count.textContent(), "2 items left");
    await page.locator(".toggle-all").check();
    await page.getByText("0 items left").waitFor();
  });

  test("clear completed removes the completed ones, and is not there where there are none", async () => {
    const page = await withTodos("one", "two", "three");
    assert.equal(await page.locator(".clear-completed").count(), 0);
    await toggle(page, "two");
    await settling(page, () => page.locator(".clear-completed").click(), 204);
    await shows(page, "one", "three");
    assert.equal(await page.locator(".clear-completed").count(), 0);
  });

  test("todos persist", async () => {
    const page = await withTodos("one", "two");
    await toggle(page, "two");
    await page.reload();
    await shows(page, "one", "two");
    assert.ok((await classesOf(item(page, "two"))).includes("completed"));
  });

  describe("routing", () => {
    const link = (page, name) => page.locator(".filters").getByRole("link", { name, exact: true });
    const mixed = async () => {
      const page = await withTodos("one", "two");
      await toggle(page, "one");
      return page;
    };

    test("shows all, the active or the completed ones, and marks where one is", async () => {
      const page = await mixed();
      for (const [name, hash, titles] of [["Active", "#/active", ["two"]], ["Completed", "#/completed", ["one"]], ["All", "#/", ["one", "two"]]]) {
        await link(page, name).click();
        await shows(page, ...titles);
        assert.equal(new URL(page.url()).hash, hash);
        assert.equal(await page.locator(".filters .selected").textContent(), name);
      }
    });

    test("follows the browser's way back", async () => {
      const page = await mixed();
      await link(page, "Active").click();
      await link(page, "Completed").click();
      await shows(page, "one");
      await page.goBack();
      await shows(page, "two");
      await page.goBack();
      await shows(page, "one", "two");
    });

    test("lets a todo go from a list that it is no longer part of", async () => {
      const page = await mixed();
      await link(page, "Active").click();
      await toggle(page, "two");
      await shows(page);
      await link(page, "Completed").click();
      await shows(page, "one", "two");
    });

    test("is the same after a reload", async () => {
      const page = await mixed();
      await link(page, "Active").click();
      await page.reload();
      await shows(page, "two");
      assert.equal(await page.locator(".filters .selected").textContent(), "Active");
    });
  });
}
