import pg from "pg";
import { beforeAll, describe, expect, it } from "vitest";
import { type Account, post, signUp, tokenOf } from "../support/account.ts";
import { useWebApp } from "../support/use_web_app.ts";

const web = useWebApp();
let account: Account;

beforeAll(async () => {
  account = await signUp(web.app.url);
});

const END_ALL_OTHERS = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
  WHERE datname = current_database() AND pid <> pg_backend_pid()`;

describe("when PostgreSQL ends every connection", () => {
  it("the server notices, and answers the next request on a new connection", async () => {
    const noticed = new Promise<void>((resolve) => {
      web.app.pool.on("error", () => {
        if (web.app.pool.totalCount === 0) resolve();
      });
    });
    await web.database.query(END_ALL_OTHERS);
    await noticed;
    expect(await tokenOf(web.app.url, account.cookie)).toMatch(/^ey/);
    expect(web.app.logLines.join("")).toContain("database_connection_lost");
  });

  it("a request that was being answered is told to come back, not that its session is over", async () => {
    const blocker = new pg.Client({ connectionString: web.database.url });
    await blocker.connect();
    await blocker.query("BEGIN; LOCK TABLE auth.session");
    const headers = { Cookie: account.cookie };
    const answers = {
      token: () => fetch(`${web.app.url}/api/auth/token`, { headers }),
      "get-session": () => fetch(`${web.app.url}/api/auth/get-session`, { headers }),
      "sign-out": () => post(`${web.app.url}/api/auth/sign-out`, {}, account.cookie),
    };
    for (const [path, ask] of Object.entries(answers)) {
      const call = { isAnswered: false };
      const answer = ask().finally(() => {
        call.isAnswered = true;
      });
      const ended = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE datname = current_database() AND wait_event_type = 'Lock'`;
      while (!call.isAnswered) await web.database.query(ended);
      const { status, headers } = await answer;
      expect({ path, status, retryAfter: headers.get("retry-after") }).toEqual({ path, status: 503, retryAfter: "1" });
      expect(headers.getSetCookie()).toEqual([]);
    }
    const lines = web.app.logLines.map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines.filter(({ event }) => event === "sign_out")).toMatchObject([{ outcome: "failed", status: 503 }]);
    expect(lines.filter(({ event }) => event === "request_failed").map(({ hint }) => hint)).toEqual(
      Array(3).fill(expect.stringMatching(/^PostgreSQL failed; db_errors_total counts it as \w+\.$/)),
    );
    await blocker.end();
    // Until the server has heard of the last connection that was ended, it says again that it cannot tell.
    const tokenStatus = () => answers.token().then(({ status }) => status);
    await expect.poll(tokenStatus).not.toBe(503);
    expect(await tokenStatus()).toBe(200);
  });
});
