import { describe, expect, it } from "vitest";
import { createLog } from "../../server/log.ts";
import { post, signUp, tokenOf } from "../support/account.ts";
import { SECRET } from "../support/running_web_app.ts";
import { useWebApp } from "../support/use_web_app.ts";

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
  const web = useWebApp();

  it("holds no secret, password, cookie, token, address or connection string", async () => {
    const account = await signUp(web.app.url);
    const token = await tokenOf(web.app.url, account.cookie);
    const wrong = { email: account.email, password: "canary-wrong-password" };
    expect((await post(`${web.app.url}/api/auth/sign-in/email`, wrong)).status).toBe(401);
    await post(`${web.app.url}/api/auth/sign-up/email`, { ...account, name: "Ada" });
    await fetch(`${web.app.url}/canary-path?token=${token}`);
    await fetch(`${web.app.url}/api/auth/canary-path/${account.password}?token=${token}`);
    await web.database.query("ALTER TABLE auth.session RENAME TO gone");
    await fetch(`${web.app.url}/api/auth/token`, { headers: { Cookie: account.cookie } });
    await web.database.query("ALTER TABLE auth.gone RENAME TO session");

    const text = web.app.logLines.join("");
    expect(text).toContain('"event":"sign_in","outcome":"refused","reason":"INVALID_EMAIL_OR_PASSWORD","status":401');
    const [, session = ""] = account.cookie.split("=");
    const never = [SECRET, account.password, account.email, session, decodeURIComponent(session), token];
    for (const value of [...never, "canary", web.database.url, account.cookie]) {
      expect(text).not.toContain(value);
    }
  });
});
