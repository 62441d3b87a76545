import { beforeAll, describe, expect, it } from "vitest";
import { type Account, signUp, tokenOf } from "../support/account.ts";
import { useWebApp } from "../support/use_web_app.ts";

describe("when PostgreSQL ends every connection", () => {
  const web = useWebApp();
  let account: Account;

  beforeAll(async () => {
    account = await signUp(web.app.url);
  });

  it("the server notices, and answers the next request on a new connection", async () => {
    const noticed = new Promise((resolve) => web.app.pool.once("error", resolve));
    await web.database.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE datname = current_database() AND pid <> pg_backend_pid()`,
    );
    await noticed;
    expect(await tokenOf(web.app.url, account.cookie)).toMatch(/^ey/);
    expect(web.app.logLines.join("")).toContain("database_connection_lost");
  });
});
