// Browsers for the tests of a suite: each test has a user of its own, and whatever a page complains about fails it.
import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach } from "node:test";
import { complaintsOf, launchBrowser, signInWithCookie } from "./browser.mjs";
import { request } from "./http.mjs";
import { signUp, takeToken } from "./user.mjs";

/**
 * To be called where tests are declared. `findStack` gives the running application, `findProxy` a way on which pages reach the
 * gateway, where there is one that can be cut; each test finds it whole.
 */
export function usePages(findStack, findProxy = () => undefined) {
  const pages = { stack: undefined, proxy: undefined, browser: undefined, user: undefined, openBrowser, openTab, adopt, api, stored, storedTitles, untilStored };
  let token, contexts, watched;

  before(async () => {
    pages.stack = await findStack();
    pages.proxy = await findProxy();
    pages.browser = await launchBrowser();
  });
  after(() => pages.browser?.close());
  beforeEach(async () => {
    contexts = [];
    watched = [];
    pages.user = await signUp(pages.stack.webUrl);
    token = await takeToken(pages.stack.webUrl, pages.user);
  });
  afterEach(async () => {
    pages.proxy?.restore();
    await Promise.all(contexts.map((context) => context.close()));
    for (const complaints of watched) {
      assert.deepEqual(complaints, [], "the console, with violations of the content security policy");
    }
  });

  /** Another browser, in which the user is signed in. `prepare` is done to the page before it goes anywhere. */
  async function openBrowser({ hash = "#/", isExpected, prepare, account = pages.user, ...options } = {}) {
    const context = await pages.browser.newContext(options);
    contexts.push(context);
    if (account) await signInWithCookie(context, pages.stack, account);
    return openTab(context, hash, isExpected, prepare);
  }

  async function openTab(context, hash = "#/", isExpected = undefined, prepare = undefined) {
    const page = await context.newPage();
    adopt(page, isExpected);
    await prepare?.(page);
    await page.goto(`${pages.stack.webUrl}/${hash}`);
    await page.locator("h1").waitFor();
    return page;
  }

  /** Watches a page that was opened in another way. */
  function adopt(page, isExpected = undefined) {
    page.setDefaultTimeout(30_000);
    watched.push(complaintsOf(page, isExpected));
  }

  /** Calls the API as the user. */
  async function api(method, path, json) {
    const answer = await request(method, `${pages.stack.apiUrl}/api/${pages.user.id}${path}`, { token, json });
    assert.ok(answer.status < 300, answer.text);
    return answer.json;
  }
  async function stored() {
    return (await api("GET", "/tasks?sort_by=created_at&sort_order=asc")).items;
  }
  async function storedTitles() {
    return (await stored()).map((task) => task.title);
  }

  /** Waits until the API has these, oldest first: for what the page sends when it sees fit. */
  async function untilStored(...titles) {
    const deadline = Date.now() + 60_000;
    for (;;) {
      const found = await storedTitles();
      if (JSON.stringify(found) === JSON.stringify(titles)) return;
      if (Date.now() > deadline) assert.deepEqual(found, titles);
    }
  }

  return pages;
}
