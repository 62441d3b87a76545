// What a page of somebody else, or a link that somebody has sent, must not be able to do.
import { randomBytes } from "node:crypto";
import { beforeAll, describe, expect, it } from "vitest";
import { type Account, post, signUp } from "../support/account.ts";
import { ORIGIN, startWebApp, testConfig } from "../support/running_web_app.ts";
import { useWebApp } from "../support/use_web_app.ts";

const web = useWebApp();
let account: Account;

beforeAll(async () => {
  account = await signUp(web.app.url);
});

const userOf = async (cookie: string) => {
  const response = await fetch(`${web.app.url}/api/auth/get-session`, { headers: { Cookie: cookie } });
  return ((await response.json()) as { user: { id: string } } | null)?.user.id;
};

describe.each(["https://evil.test", `${ORIGIN}.evil.test`, "null"])("a page of %s", (origin) => {
  const send = (path: string, type: string, body: string, cookie = "") =>
    fetch(`${web.app.url}/api/auth/${path}`, {
      method: "POST",
      headers: { Origin: origin, "Content-Type": type, ...(cookie ? { Cookie: cookie } : {}) },
      body,
    });

  it("cannot sign the user out", async () => {
    expect((await send("sign-out", "application/json", "{}", account.cookie)).status).toBe(403);
    expect(await userOf(account.cookie)).toBe(account.userId);
  });

  it.each([
    ["application/json", (email: string, password: string) => JSON.stringify({ email, password })],
    [
      "application/x-www-form-urlencoded",
      (email: string, password: string) => `${new URLSearchParams({ email, password })}`,
    ],
    ["text/plain", (email: string, password: string) => JSON.stringify({ email, password })],
  ])("cannot sign the user in as somebody else: %s", async (type, write) => {
    const answer = await send("sign-in/email", type, write(account.email, account.password));
    expect([403, 415]).toContain(answer.status);
    expect(answer.headers.getSetCookie()).toEqual([]);
  });

  it("is not allowed to read a token or a session", async () => {
    for (const path of ["token", "get-session"]) {
      const headers = { Origin: origin, Cookie: account.cookie };
      const answer = await fetch(`${web.app.url}/api/auth/${path}`, { headers });
      expect(answer.headers.get("access-control-allow-origin")).toBeNull();
      expect(answer.headers.get("access-control-allow-credentials")).toBeNull();
    }
  });
});

describe("a link", () => {
  it.each(["https://evil.test", "//evil.test", "/\\evil.test", "javascript:alert(1)"])(
    "cannot lead on to %s",
    async (target) => {
      const { email, password } = account;
      const signIn = await post(`${web.app.url}/api/auth/sign-in/email`, { email, password, callbackURL: target });
      expect(signIn.status).toBe(403);
      expect(signIn.headers.get("location")).toBeNull();
      const verify = await fetch(
        `${web.app.url}/api/auth/verify-email?token=x&callbackURL=${encodeURIComponent(target)}`,
        {
          redirect: "manual",
        },
      );
      expect(verify.status).toBe(403);
      expect(verify.headers.get("location")).toBeNull();
    },
  );

  it("gets no page that says what the link says", async () => {
    const answer = await fetch(`${web.app.url}/api/auth/error?error=pay_here&error_description=at%20evil.test`);
    expect(answer.status).toBe(404);
    expect(await answer.text()).not.toContain("pay_here");
  });
});

describe("what PostgreSQL cannot take from a caller", () => {
  it.each([
    ["a text with a NUL", { name: "A\0da", email: "nul@example.test" }],
    ["a text too long for an index", { name: "Ada", email: `${randomBytes(8_000).toString("hex")}@example.test` }],
  ])("is refused, and no fault of ours: %s", async (_, user) => {
    const answer = await post(`${web.app.url}/api/auth/sign-up/email`, { ...user, password: account.password });
    expect(answer.status).toBe(422);
    expect(web.app.logLines.join("")).not.toContain("request_failed");
    expect(await web.app.metrics.registry.metrics()).not.toMatch(/^db_errors_total.* [1-9]/m);
  });
});

describe("what holds a session or a token", () => {
  it.each(["token", "get-session"])("is kept by no cache: /api/auth/%s", async (path) => {
    const answer = await fetch(`${web.app.url}/api/auth/${path}`, { headers: { Cookie: account.cookie } });
    expect(answer.status).toBe(200);
    expect(answer.headers.get("cache-control")).toBe("no-store");
    expect(answer.headers.get("set-auth-jwt")).toBeNull();
    expect(answer.headers.get("set-auth-token")).toBeNull();
  });

  it.each([
    ["http://web.example.test", false],
    ["https://web.example.test", true],
  ])("is a cookie that neither script nor another site gets, at %s", async (publicOrigin, isSecure) => {
    const other = await startWebApp(testConfig(web.database.url, { publicOrigin }));
    const answer = await fetch(`${other.url}/api/auth/sign-in/email`, {
      method: "POST",
      headers: { "Content-Type": "application/json", Origin: publicOrigin },
      body: JSON.stringify({ email: account.email, password: account.password }),
    });
    const [cookie = ""] = answer.headers.getSetCookie();
    expect(cookie).toContain("HttpOnly");
    expect(cookie).toContain("SameSite=Lax");
    expect(cookie).not.toContain("Domain");
    expect(/; Secure/.test(cookie)).toBe(isSecure);
    expect(cookie.startsWith("__Secure-")).toBe(isSecure);
    const hsts = isSecure ? "max-age=31536000" : null;
    expect(answer.headers.get("strict-transport-security")).toBe(hsts);
    await other.close();
  });
});
