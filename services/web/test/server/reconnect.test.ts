import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { type Account, signUp, tokenOf } from "../support/account.ts";
import { createDatabase, type TestDatabase } from "../support/database.ts";
import { type RunningWebApp, startWebApp, testConfig } from "../support/running_web_app.ts";

describe("when PostgreSQL ends every connection", () => {
  let database: TestDatabase;
  let app: RunningWebApp;
  let account: Account;

  beforeAll(async () => {
    database = await createDatabase(inject("databaseServerUrl"));
    app = await startWebApp(testConfig(database.url));
    account = await signUp(app.url);
  });
  afterAll(async () => {
    await app.close();
    await database.drop();
  });

  it("the server notices, and answers the next request on a new connection", async () => {
    const noticed = new Promise((resolve) => app.pool.once("error", resolve));
    await database.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE datname = current_database() AND pid <> pg_backend_pid()`,
    );
    await noticed;
    expect(await tokenOf(app.url, account.cookie)).toMatch(/^ey/);
    expect(app.logLines.join("")).toContain("database_connection_lost");
  });
});
