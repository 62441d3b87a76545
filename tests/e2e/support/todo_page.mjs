// The page as the tests read and use it.
import assert from "node:assert/strict";

/** A console message that says that the network has failed. */
export const isNetworkError = (message) => message.text().includes("net::ERR_");

/** The date so many days from now, as this machine's calendar has it. */
export function day(days) {
  const date = new Date(Date.now() + days * 86_400_000);
  const two = (number) => String(number).padStart(2, "0");
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

export const item = (page, title) => page.locator(".todo-list > li", { hasText: title });
export const posted = (page) =>
  page.waitForResponse((response) => response.request().method() === "POST" && response.url().endsWith("/tasks"));
export const patched = (page) => page.waitForResponse((response) => response.request().method() === "PATCH");
/** The answer to any change of a task that there is. */
export const changed = (page) =>
  page.waitForResponse((response) => /\/tasks\/.+/.test(response.url()) && !["OPTIONS", "GET"].includes(response.request().method()));

/** Calls of that kind wait until the function that it gives is called. */
export async function holdBack(page, method, path) {
  let release;
  const released = new Promise((resolve) => (release = resolve));
  await page.route(`**${path.replace("?", "[?]")}**`, async (route) => {
    if (route.request().method() === method) await released;
    await route.continue();
  });
  return release;
}

/** Adds todos and waits until the API has stored each. */
export async function add(page, ...titles) {
  for (const title of titles) {
    const answered = posted(page);
    await page.locator(".new-todo").fill(title);
    await page.locator(".new-todo").press("Enter");
    assert.equal((await answered).status(), 201);
  }
}

/** Waits until the list reads so. */
export async function shows(page, ...expected) {
  const read = () => [...document.querySelectorAll(".todo-list .title")].map((element) => element.textContent);
  const reads = (wanted) => {
    const titles = [...document.querySelectorAll(".todo-list .title")].map((element) => element.textContent);
    return JSON.stringify(titles) === wanted;
  };
  await page.waitForFunction(reads, JSON.stringify(expected)).catch(async () => {
    assert.deepEqual(await page.evaluate(read), expected);
  });
}

export async function rename(page, from, to) {
  await item(page, from).locator(".title").dblclick();
  await page.locator(".edit").fill(to);
  await page.locator(".edit").press("Enter");
}

/** Does something, and waits until the API has answered to the change that it makes. */
export async function settling(page, act, status = 200) {
  const answered = changed(page);
  await act();
  assert.equal((await answered).status(), status);
}
