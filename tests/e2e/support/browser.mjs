// A real Chromium, and what a page in it complained about.
import assert from "node:assert/strict";
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { chromium } from "playwright-core";
import { run } from "./children.mjs";
import { root } from "./stack.mjs";

const OPTIONS = {
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync"],
};

export function launchBrowser() {
  return chromium.launch(OPTIONS);
}

/** A browser whose user has forbidden all sites to keep anything. */
export async function launchWithoutCookies() {
  const folder = await mkdtemp("/tmp/todo-e2e-profile-");
  await mkdir(`${folder}/Default`);
  const preferences = { profile: { default_content_setting_values: { cookies: 2 } } };
  await writeFile(`${folder}/Default/Preferences`, JSON.stringify(preferences));
  const context = await chromium.launchPersistentContext(folder, OPTIONS);
  const close = async () => {
    await context.close();
    await rm(folder, { recursive: true, force: true });
  };
  return { context, close };
}

/** Builds the browser app with other settings, and gives the folder. */
export async function buildApp(environment) {
  const folder = await mkdtemp("/tmp/todo-e2e-app-");
  const options = { cwd: `${root}services/web`, env: { ...process.env, ...environment } };
  const { code, output } = await run("node_modules/.bin/vite", ["build", "--outDir", folder, "--emptyOutDir"], options);
  assert.equal(code, 0, output);
  return folder;
}

/** Gives the pages of the context the script of another build. The page itself stays that of the real server. */
export async function serveInstead(context, webUrl, folder) {
  const [script] = (await readdir(`${folder}/assets`)).filter((name) => name.endsWith(".js"));
  await context.route(`${webUrl}/assets/*.js`, (route) => route.fulfill({ path: `${folder}/assets/${script}` }));
}

/** Errors and warnings of the page, violations of its content security policy among them, as they come. */
export function complaintsOf(page, isExpected = () => false) {
  const complaints = [];
  page.on("pageerror", (error) => complaints.push(String(error)));
  // Addresses end up in logs and histories: a token has no place in one.
  page.on("request", (each) => /eyJ[\w-]+\./.test(each.url()) && complaints.push(`a token in an address: ${each.url()}`));
  page.on("console", (message) => {
    // Nobody is signed in yet when the page first asks for a token: the browser reports that answer by itself.
    const isFirstLook = message.location().url.endsWith("/api/auth/token") && message.text().includes("401");
    const isComplaint = ["error", "warning"].includes(message.type());
    if (isComplaint && !isFirstLook && !isExpected(message)) complaints.push(`${message.text()} ${message.location().url}`);
  });
  return complaints;
}

/** Puts the session of a user of support/user.mjs into a browser context. */
export function signInWithCookie(context, stack, user) {
  const cookies = user.cookie.split("; ").map((pair) => {
    const equals = pair.indexOf("=");
    return { name: pair.slice(0, equals), value: pair.slice(equals + 1), url: stack.webUrl, httpOnly: true, sameSite: "Lax" };
  });
  return context.addCookies(cookies);
}
