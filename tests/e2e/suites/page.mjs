// What a person does in the browser, in a real Chromium against the whole application.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { complaintsOf, launchBrowser } from "../support/browser.mjs";
import { add, item, rename, settling, shows } from "../support/todo_page.mjs";

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
    page.setDefaultTimeout(30_000);
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

  test("a person signs up, adds, completes, edits and deletes todos, and finds them again", async () => {
    await signUp();
    await add(page, "Buy milk", "Write a letter", "Water the plants");
    await shows(page, "Buy milk", "Write a letter", "Water the plants");
    await settling(page, () => item(page, "Buy milk").locator(".toggle").click());
    await settling(page, () => rename(page, "Write a letter", "Write two letters"));
    await item(page, "Water the plants").hover();
    await settling(page, () => item(page, "Water the plants").locator(".destroy").click(), 204);
    await page.reload();
    await shows(page, "Buy milk", "Write two letters");
    assert.equal(await item(page, "Buy milk").locator(".toggle").isChecked(), true);
  });

  test("what is typed is text, never markup", async () => {
    await signUp();
    const title = "<img src=x onerror=alert(1)><script>alert(2)</script>";
    await add(page, title);
    await page.reload();
    await shows(page, title);
    assert.equal(await page.locator(".todo-list img, .todo-list script").count(), 0);
  });

  test("signing out signs out, and signing in brings the todos back", async () => {
    const account = await signUp();
    await add(page, "Still here");
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
    await shows(page, "Still here");
  });

  test("the page's own content security policy allows no inline script", async () => {
    const response = await page.goto(stack.webUrl);
    const policy = response.headers()["content-security-policy"];
    assert.match(policy, /script-src 'self'/);
    assert.match(policy, new RegExp(`connect-src 'self' ${stack.apiUrl}`));
    assert.doesNotMatch(policy, /unsafe-inline|unsafe-eval/);
  });
}
