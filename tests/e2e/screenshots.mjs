// Takes pictures of each state of the page, in both themes and three widths; see scripts/screenshots.
//
//   node screenshots.mjs FOLDER [STATE...]
//   node screenshots.mjs --readme FOLDER
//
// SCREENSHOT_WEB_URL and SCREENSHOT_API_URL name an application that runs already; without them one is started.
import { mkdir, stat } from "node:fs/promises";
import { parseArgs } from "node:util";
import { launchBrowser, signInWithCookie } from "./support/browser.mjs";
import { request } from "./support/http.mjs";
import { startStack } from "./support/stack.mjs";
import { day } from "./support/todo_page.mjs";
import { signUp, takeToken } from "./support/user.mjs";

const { positionals, values } = parseArgs({ allowPositionals: true, options: { readme: { type: "boolean" } } });
const [folder, ...wanted] = positionals;
const { SCREENSHOT_WEB_URL, SCREENSHOT_API_URL } = process.env;
const stack = SCREENSHOT_WEB_URL ? { webUrl: SCREENSHOT_WEB_URL, apiUrl: SCREENSHOT_API_URL, stop() {} } : await startStack();
const { webUrl, apiUrl } = stack;
const SIZES = { narrow: [390, 844], middle: [820, 1000], wide: [1280, 860] };

async function seeded() {
  const user = await signUp(webUrl, "Ada Lovelace");
  const token = await takeToken(webUrl, user);
  const call = async (method, path, json) => {
    const answer = await request(method, `${apiUrl}/api/${user.id}${path}`, { token, json });
    if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${answer.text}`);
    return answer.json;
  };
  const work = await call("POST", "/lists", { name: "Analytical Engine" });
  const home = await call("POST", "/lists", { name: "Home" });
  const tasks = [
    { title: "Send the notes on Menabrea’s paper", list_id: work.id, due_date: day(-2), priority: "High", tags: ["writing"] },
    { title: "Ask Babbage about the mill’s carry mechanism", list_id: work.id, due_date: day(0), due_time: "23:30", tags: ["letters"] },
    { title: "Work out the Bernoulli numbers by hand once more", list_id: work.id, due_date: day(0), description: "Check B7 against the table before it is printed; the sign looked wrong last time." },
    { title: "Order punched cards", list_id: work.id, due_date: day(1), priority: "Low" },
    { title: "Tune the piano", list_id: home.id, due_date: day(4) },
    { title: "Book the coach to Ockham Park", list_id: home.id, due_date: day(12), tags: ["travel", "letters"] },
    { title: "Water the geraniums", list_id: home.id },
    { title: "Return the book on calculus" },
    { title: "Reply to Mary Somerville", tags: ["letters"] },
  ];
  for (const task of tasks) await call("POST", "/tasks", task);
  const { items } = await call("GET", "/tasks?sort_by=created_at&sort_order=asc");
  await call("POST", `/tasks/${items[6].id}/complete`);
  const gone = await call("POST", "/tasks", { title: "Learn to fly with paper wings" });
  await call("DELETE", `/tasks/${gone.id}`);
  return { user, items, call, lists: [work, home] };
}

/** Each leads the page, which shows all todos, to one state; `before` is done before the page is opened. */
const states = {
  "sign-in": { signedOut: true },
  "sign-up": { signedOut: true, lead: ({ page }) => page.getByRole("button", { name: "Create an account" }).click() },
  refused: {
    signedOut: true,
    lead: async ({ page }) => {
      await page.getByLabel("Email").fill("ada@example.com");
      await page.getByLabel("Password").fill("not the password");
      await page.getByRole("button", { name: "Sign in" }).click();
      await page.getByRole("alert").filter({ hasText: /./ }).waitFor();
    },
  },
  unreachable: {
    before: ({ context }) => context.route("**/api/auth/token", (route) => route.abort()),
    first: "role=alert",
  },
  ended: {
    before: ({ page }) => page.clock.install(),
    lead: async ({ page }) => {
      await page.context().clearCookies();
      await page.clock.fastForward("13:00");
      await page.getByText("Your session has ended.").waitFor();
    },
  },
  offline: {
    before: ({ page }) => page.clock.install(),
    lead: async ({ page }) => {
      await page.route("**/api/auth/token", (route) => route.abort());
      await page.clock.fastForward("20:00");
      await page.locator(".offline").waitFor();
    },
  },
  loading: { before: ({ context }) => context.route("**/tasks?*", () => {}), first: ".skeleton" },
  failed: { before: ({ context }) => context.route("**/tasks?*", (route) => route.abort()), first: ".load-note button" },
  all: {},
  focus: {
    lead: async ({ page }) => {
      for (let step = 0; step < 3; step += 1) await page.keyboard.press("Tab");
    },
  },
  dragging: {
    lead: async ({ page }) => {
      await page.getByText("Order punched cards").hover();
      const { x, y } = await page.getByRole("button", { name: "Move Order punched" }).boundingBox();
      await page.mouse.move(x + 10, y + 20);
      await page.mouse.down();
      await page.mouse.move(x + 40, y - 120, { steps: 4 });
    },
  },
  new: { isNew: true, first: ".load-note strong" },
  details: { lead: ({ page }) => page.getByRole("button", { name: "Edit Work out" }).click() },
  today: { hash: "#/today" },
  upcoming: { hash: "#/upcoming" },
  overdue: { hash: "#/overdue" },
  list: { lead: ({ page, lists }) => page.goto(`${webUrl}/#/list/${lists[0].id}`) },
  renaming: {
    lead: async ({ page, lists }) => {
      await page.goto(`${webUrl}/#/list/${lists[0].id}`);
      await page.getByRole("button", { name: "Rename the list" }).click();
    },
  },
  tag: { hash: "#/tag/letters" },
  trash: { hash: "#/trash" },
  "trash-empty": { isNew: true, hash: "#/trash", first: ".load-note strong" },
  empty: { hash: "#/tag/nothing-has-this", first: ".load-note strong" },
  search: { lead: ({ page }) => page.getByRole("searchbox").fill("the") },
  "not-found": { lead: ({ page }) => page.getByRole("searchbox").fill("difference") },
  editing: { lead: ({ page }) => page.getByText("Order punched cards").dblclick() },
  menu: {
    lead: async ({ page }) => {
      const button = page.getByRole("button", { name: "Views and account" });
      if (await button.isVisible()) await button.click();
    },
  },
  unsent: {
    lead: async ({ page }) => {
      await page.route("**/tasks", (route) => (route.request().method() === "POST" ? route.abort() : route.continue()));
      await page.locator(".new-todo").fill("Tell Faraday");
      await page.locator(".new-todo").press("Enter");
      await page.getByRole("button", { name: "Send again" }).scrollIntoViewIfNeeded();
    },
  },
  // These two change what there is, so they come last.
  deleted: {
    lead: async ({ page }) => {
      await page.getByText("Reply to Mary").hover();
      await page.getByRole("button", { name: "Delete Reply to Mary" }).click();
      await page.getByRole("button", { name: "Undo" }).waitFor();
    },
  },
  conflict: {
    lead: async ({ page, items, call }) => {
      await page.getByText("Return the book on calculus").dblclick();
      await page.locator(".edit").fill("Return the book on calculus to the library");
      await call("PATCH", `/tasks/${items[7].id}`, { title: "Return the book to Mr. De Morgan" });
      await page.locator(".edit").press("Enter");
      await page.getByRole("dialog").waitFor();
    },
  },
};

/** What README.md shows, each with the name of its file. */
const README = [
  { state: "all", size: [1060, 690], theme: "light", file: "light" },
  { state: "details", size: [1060, 690], theme: "dark", file: "dark" },
  { state: "today", size: [390, 690], theme: "light", file: "phone" },
];
const MOST_BYTES = 100 * 1024;

async function take(data, { state: name, size: [width, height], theme, file }) {
  const { signedOut = false, isNew = false, before, lead, hash = "", first = isNew || signedOut ? "h1" : ".todo-list li" } = states[name];
  const context = await browser.newContext({ viewport: { width, height }, colorScheme: theme, hasTouch: width < 500 });
  const user = isNew ? await signUp(webUrl, "Ada Lovelace") : data.user;
  if (!signedOut) await signInWithCookie(context, stack, user);
  const page = await context.newPage();
  await before?.({ context, page });
  await page.goto(`${webUrl}/${hash}`);
  await page.locator(first).first().waitFor();
  // The lists are read beside the todos, and are named in their rows.
  if (first === ".todo-list li") await page.locator(".view-list").first().waitFor({ state: "attached" });
  await lead?.({ ...data, page });
  await page.evaluate(() => Promise.all(document.getAnimations().map((animation) => animation.finished)));
  const path = `${folder}/${file}.png`;
  await page.screenshot({ path });
  await context.close();
  process.stderr.write(`${path}\n`);
  return path;
}

await mkdir(folder, { recursive: true });
const browser = await launchBrowser();
if (values.readme) {
  const data = await seeded();
  for (const picture of README) {
    const { size } = await stat(await take(data, picture));
    if (size > MOST_BYTES) throw new Error(`${picture.file}.png has ${size} bytes; at most ${MOST_BYTES} are for a README`);
  }
} else {
  for (const [width, size] of Object.entries(SIZES)) {
    for (const theme of ["light", "dark"]) {
      const data = await seeded();
      for (const state of Object.keys(states)) {
        if (wanted.length === 0 || wanted.includes(state)) await take(data, { state, size, theme, file: `${state}-${width}-${theme}` });
      }
    }
  }
}
await browser.close();
await stack.stop();
