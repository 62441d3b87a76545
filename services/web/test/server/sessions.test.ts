import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { post, signUp, type Account } from "../support/account.ts";
import { createDatabase, type TestDatabase } from "../support/database.ts";
import { type RunningWebApp, startWebApp, testConfig } from "../support/running_web_app.ts";

const QUESTION = "/api/auth/get-session?disableCookieCache=true&disableRefresh=true";

let database: TestDatabase;
let account: Account;
let sessionToken: string;

beforeAll(async () => {
  database = await createDatabase(inject("databaseServerUrl"));
});
afterAll(() => database.drop());

describe.each(["session", "jwt,session"] as const)("a session, where AUTH_MODE is %s", (authMode) => {
  let app: RunningWebApp;

  beforeAll(async () => {
    app = await startWebApp(testConfig(database.url, { authMode, rateLimit: true }));
    account = await signUp(app.url);
    const { email, password } = account;
    const answer = await post(`${app.url}/api/auth/sign-in/email`, { email, password });
    sessionToken = ((await answer.json()) as { token: string }).token;
    // The cookie is HttpOnly so that scripts cannot read its value: no other header may repeat it.
    expect(answer.headers.get("set-auth-token")).toBeNull();
    expect(answer.headers.getSetCookie().join()).toContain("HttpOnly");
  });
  afterAll(() => app.close());

  const userOf = async (headers: Record<string, string>) => {
    const response = await fetch(app.url + QUESTION, { headers });
    expect(response.status).toBe(200);
    return ((await response.json()) as { user: { id: string } } | null)?.user.id;
  };

  it("is told to the verifier by cookie and by opaque token, and a made-up one is none", async () => {
    expect(await userOf({ Cookie: account.cookie })).toBe(account.userId);
    expect(await userOf({ Authorization: `Bearer ${sessionToken}` })).toBe(account.userId);
    expect(await userOf({ Authorization: `Bearer ${"x".repeat(32)}` })).toBeUndefined();
    expect(await userOf({ Cookie: `${account.cookie}x` })).toBeUndefined();
  });

  it("may be asked about as often as there are users, though all questions come from one address", async () => {
    const asked = await Promise.all(Array.from({ length: 300 }, () => fetch(app.url + QUESTION)));
    expect(new Set(asked.map((response) => response.status))).toEqual(new Set([200]));
  });
});

describe("where AUTH_MODE is jwt", () => {
  it("an opaque session token opens nothing", async () => {
    const app = await startWebApp(testConfig(database.url));
    const answer = await fetch(app.url + QUESTION, { headers: { Authorization: `Bearer ${sessionToken}` } });
    expect(await answer.json()).toBeNull();
    await app.close();
  });
});
