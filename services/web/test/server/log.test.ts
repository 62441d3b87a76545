import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { createLog } from "../../server/log.ts";
import { post, signUp, tokenOf } from "../support/account.ts";
import { createDatabase, type TestDatabase } from "../support/database.ts";
import { type RunningWebApp, SECRET, startWebApp, testConfig } from "../support/running_web_app.ts";

describe("createLog", () => {
  it("keeps one event on one line", () => {
    const lines: string[] = [];
    const log = createLog({ debug: false, write: (line) => lines.push(line) > 0, now: () => new Date(0) });
    log("info", "event", { text: "one\r\ntwo" });
    log("debug", "hidden");
    expect(lines).toEqual([
      '{"time":"1970-01-01T00:00:00.000Z","level":"info","service":"web","event":"event","text":"one\\r\\ntwo"}\n',
    ]);
  });
});

describe("the server's log", () => {
  let database: TestDatabase;
  let app: RunningWebApp;

  beforeAll(async () => {
    database = await createDatabase(inject("databaseServerUrl"));
    app = await startWebApp(testConfig(database.url));
  });
  afterAll(async () => {
    await app.close();
    await database.drop();
  });

  it("holds no secret, password, cookie, token, address or connection string", async () => {
    const account = await signUp(app.url);
    const token = await tokenOf(app.url, account.cookie);
    const wrong = { email: account.email, password: "canary-wrong-password" };
    expect((await post(`${app.url}/api/auth/sign-in/email`, wrong)).status).toBe(401);
    await post(`${app.url}/api/auth/sign-up/email`, { ...account, name: "Ada" });
    await fetch(`${app.url}/canary-path?token=${token}`);
    await fetch(`${app.url}/api/auth/canary-path/${account.password}?token=${token}`);
    await database.query("ALTER TABLE auth.session RENAME TO gone");
    await fetch(`${app.url}/api/auth/token`, { headers: { Cookie: account.cookie } });
    await database.query("ALTER TABLE auth.gone RENAME TO session");

    const text = app.logLines.join("");
    expect(text).toContain('"event":"sign_in","outcome":"refused","reason":"INVALID_EMAIL_OR_PASSWORD","status":401');
    const [, session = ""] = account.cookie.split("=");
    const never = [SECRET, account.password, account.email, session, decodeURIComponent(session), token];
    for (const value of [...never, "canary", database.url, account.cookie]) {
      expect(text).not.toContain(value);
    }
  });
});
