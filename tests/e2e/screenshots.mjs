// Takes pictures of each state of the page, in both themes and three widths; see scripts/screenshots.
//
//   node screenshots.mjs FOLDER [STATE...]
//
// SCREENSHOT_WEB_URL and SCREENSHOT_API_URL name an application that runs already; without them one is started.
import { mkdir } from "node:fs/promises";
import { launchBrowser, signInWithCookie } from "./support/browser.mjs";
import { request } from "./support/http.mjs";
import { startStack } from "./support/stack.mjs";
import { signUp, takeToken } from "./support/user.mjs";

const [folder, ...wanted] = process.argv.slice(2);
const { SCREENSHOT_WEB_URL, SCREENSHOT_API_URL } = process.env;
const stack = SCREENSHOT_WEB_URL ? { webUrl: SCREENSHOT_WEB_URL, apiUrl: SCREENSHOT_API_URL, stop() {} } : await startStack();
const { webUrl, apiUrl } = stack;
const WIDTHS = { narrow: [390, 844], middle: [820, 1000], wide: [1280, 860] };

const day = (days) => {
  const date = new Date(Date.now() + days * 86_400_000);
  return `${date.getFullYear()}-${String(date.getMonth() + 1).padStart(2, "0")}-${String(date.getDate()).padStart(2, "0")}`;
};

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
  return { user, items, call };
}

/** Each leads the page to one state. */
const states = {
  "sign-in": async ({ page }) => page.getByRole("button", { name: "Sign in" }).waitFor(),
  all: async () => {},
  details: async ({ page }) => page.getByRole("button", { name: "Edit Work out" }).click(),
  today: ({ go }) => go("#/today"),
  upcoming: ({ go }) => go("#/upcoming"),
  overdue: ({ go }) => go("#/overdue"),
  tag: ({ go }) => go("#/tag/letters"),
  trash: ({ go }) => go("#/trash"),
  empty: ({ go }) => go("#/tag/nothing-has-this"),
  search: async ({ page }) => page.getByRole("searchbox").fill("the"),
  editing: async ({ page }) => page.getByText("Order punched cards").dblclick(),
  menu: async ({ page }) => {
    const button = page.getByRole("button", { name: "Views and account" });
    if (await button.isVisible()) await button.click();
  },
  // These two change what there is, so they come last.
  deleted: async ({ page }) => {
    await page.getByText("Reply to Mary").hover();
    await page.getByRole("button", { name: "Delete Reply to Mary" }).click();
    await page.getByRole("button", { name: "Undo" }).waitFor();
  },
  conflict: async ({ page, items, call }) => {
    await page.getByText("Return the book on calculus").dblclick();
    await page.locator(".edit").fill("Return the book on calculus to the library");
    await call("PATCH", `/tasks/${items[7].id}`, { title: "Return the book to Mr. De Morgan" });
    await page.locator(".edit").press("Enter");
    await page.getByRole("dialog").waitFor();
  },
};
const SIGNED_OUT = new Set(["sign-in"]);

await mkdir(folder, { recursive: true });
const browser = await launchBrowser();
for (const [width, [w, h]] of Object.entries(WIDTHS)) {
  for (const theme of ["light", "dark"]) {
    const { user, items, call } = await seeded();
    for (const [name, lead] of Object.entries(states)) {
      if (wanted.length > 0 && !wanted.includes(name)) continue;
      const context = await browser.newContext({ viewport: { width: w, height: h }, colorScheme: theme, hasTouch: width === "narrow" });
      if (!SIGNED_OUT.has(name)) await signInWithCookie(context, stack, user);
      const page = await context.newPage();
      const go = async (hash) => {
        await page.goto(`${webUrl}/${hash}`);
        await page.locator("h1").waitFor();
      };
      await page.goto(webUrl);
      if (!SIGNED_OUT.has(name)) await page.locator(".todo-list li").first().waitFor();
      await lead({ page, go, items, call });
      await page.evaluate(() => Promise.all(document.getAnimations().map((animation) => animation.finished)));
      await page.screenshot({ path: `${folder}/${name}-${width}-${theme}.png` });
      await context.close();
      process.stderr.write(`${name} ${width} ${theme}\n`);
    }
  }
}
await browser.close();
await stack.stop();
