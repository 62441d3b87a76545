// A real Chromium, and what a page in it complained about.
import { chromium } from "playwright-core";

export function launchBrowser() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
      "--disable-component-update", "--disable-sync"],
  });
}

/** Errors and warnings of the page, violations of its content security policy among them, as they come. */
export function complaintsOf(page, isExpected = () => false) {
  const complaints = [];
  page.on("pageerror", (error) => complaints.push(String(error)));
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
