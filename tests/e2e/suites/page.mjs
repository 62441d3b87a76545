// What a person does in the browser, in a real Chromium against the whole application.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { complaintsOf, launchBrowser } from "../support/browser.mjs";

const TOKEN = /^[\w-]+\.[\w-]+\.[\w-]+$/;

/** `findStack` gives the running application; `keepsToken` says whether it is one where the page holds a JWT. */
export function pageSuite(findStack, { keepsToken }) {
  let stack, browser, context, page, complaints;

  before(async () => {
    stack = await findStack();
    browser = await launchBrowser();
  });
  after(() => browser?.close());

  beforeEach(async () => {
    context = await browser.newContext();
    page = await context.newPage();
    page.setDefaultTimeout(15_000);
    complaints = complaintsOf(page);
    await page.goto(stack.webUrl);
  });
  afterEach(async () => {
    await context.close();
    assert.deepEqual(complaints, [], "the console, with violations of the content security policy");
  });

  async function signUp() {
    const account = { email: `${randomUUID()}@example.com`, password: randomUUID() };
    await page.getByRole("button", { name: "Create an account" }).click();
    await page.getByLabel("Name").fill("Ada");
    await page.getByLabel("Email").fill(account.email);
    await page.getByLabel("Password").fill(account.password);
    await page.getByRole("button", { name: "Create account" }).click();
    await page.locator(".new-todo").waitFor();
    return account;
  }

  /** Adds todos and waits until the API has stored each. */
  async function add(...titles) {
    for (const title of titles) {
      const stored = page.waitForResponse((response) => response.request().method() === "POST" && response.url().endsWith("/tasks"));
      await page.locator(".new-todo").fill(title);
      await page.locator(".new-todo").press("Enter");
      assert.equal((await stored).status(), 201);
    }
  }

  const saved = (method) => page.waitForResponse((response) => response.request().method() === method && response.url().includes("/tasks/"));
  const titles = () => page.locator(".todo-list .title").allTextContents();
  const item = (title) => page.locator(".todo-list li", { hasText: title });

  /** Waits until the list reads so. */
  async function shows(expected) {
    await page.waitForFunction(
      (wanted) => JSON.stringify([...document.querySelectorAll(".todo-list .title")].map((e) => e.textContent)) === wanted,
      JSON.stringify(expected),
    );
  }

  test("a person signs up, adds, completes, edits and deletes todos, and finds them again", async () => {
    await signUp();
    await add("Buy milk", "Write a letter", "Water the plants");
    assert.deepEqual(await titles(), ["Buy milk", "Write a letter", "Water the plants"]);
    assert.equal(await page.locator(".todo-count").textContent(), "3 items left");

    let stored = saved("PATCH").catch(() => undefined);
    await Promise.all([page.waitForResponse((r) => /\/tasks\/.+/.test(r.url()) && r.request().method() !== "OPTIONS"), item("Buy milk").locator(".toggle").click()]);
    await page.waitForFunction(() => document.querySelector(".todo-count")?.textContent === "2 items left");

    stored = saved("PATCH");
    await item("Write a letter").locator(".title").dblclick();
    await page.locator(".edit").fill("Write two letters");
    await page.locator(".edit").press("Enter");
    assert.equal((await stored).status(), 200);

    await item("Write two letters").locator(".title").dblclick();
    await page.locator(".edit").fill("Never mind");
    await page.locator(".edit").press("Escape");
    await shows(["Buy milk", "Write two letters", "Water the plants"]);

    stored = saved("DELETE");
    await item("Water the plants").hover();
    await item("Water the plants").locator(".destroy").click();
    assert.equal((await stored).status(), 204);

    await page.reload();
    await shows(["Buy milk", "Write two letters"]);
    assert.equal(await item("Buy milk").locator(".toggle").isChecked(), true);
  });

  test("filters show what they say, and completed todos can be cleared", async () => {
    await signUp();
    await add("One", "Two");
    await Promise.all([page.waitForResponse((r) => /\/tasks\/.+/.test(r.url()) && r.request().method() !== "OPTIONS"), item("One").locator(".toggle").click()]);
    await page.getByRole("link", { name: "Active", exact: true }).click();
    await shows(["Two"]);
    await page.getByRole("link", { name: "Completed", exact: true }).click();
    await shows(["One"]);
    await page.getByRole("link", { name: "All", exact: true }).click();
    const stored = saved("DELETE");
    await page.getByRole("button", { name: "Clear completed" }).click();
    assert.equal((await stored).status(), 204);
    await shows(["Two"]);
  });

  test("what is typed is text, never markup", async () => {
    await signUp();
    const title = "<img src=x onerror=alert(1)><script>alert(2)</script>";
    await add(title);
    await page.reload();
    await shows([title]);
    assert.equal(await page.locator(".todo-list img, .todo-list script").count(), 0);
  });

  test("signing out signs out, and signing in brings the todos back", async () => {
    const account = await signUp();
    await add("Still here");
    const keptToken = () => page.evaluate(() => localStorage.getItem("better_auth_access_token"));
    if (keepsToken) assert.match(await keptToken(), TOKEN);
    else assert.equal(await keptToken(), null);
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.getByRole("button", { name: "Sign in" }).waitFor();
    assert.equal(await keptToken(), null);
    await page.reload();
    await page.getByLabel("Email").fill(account.email);
    await page.getByLabel("Password").fill(account.password);
    await page.getByRole("button", { name: "Sign in" }).click();
    await shows(["Still here"]);
  });

  test("the page's own content security policy allows no inline script", async () => {
    const response = await page.goto(stack.webUrl);
    const policy = response.headers()["content-security-policy"];
    assert.match(policy, /script-src 'self'/);
    assert.match(policy, new RegExp(`connect-src 'self' ${stack.apiUrl}`));
    assert.doesNotMatch(policy, /unsafe-inline|unsafe-eval/);
  });
}
