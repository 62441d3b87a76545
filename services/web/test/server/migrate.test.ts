import { afterEach, beforeEach, describe, expect, inject, it } from "vitest";
import { createAuth } from "../../server/auth.ts";
import { createPool } from "../../server/database.ts";
import { migrate } from "../../server/migrate.ts";
import { signUp } from "../support/account.ts";
import { createDatabase, type TestDatabase } from "../support/database.ts";
import { startWebApp, testConfig } from "../support/running_web_app.ts";

describe("migrate", () => {
  let database: TestDatabase;

  beforeEach(async () => {
    database = await createDatabase(inject("databaseServerUrl"));
  });
  afterEach(() => database.drop());

  async function migrateOnce() {
    const log = () => {};
    const pool = createPool({ databaseUrl: database.url, log });
    try {
      return await migrate(createAuth(testConfig(database.url), pool, log), pool);
    } finally {
      await pool.end();
    }
  }

  async function tables(schema: string) {
    const rows = await database.query("SELECT tablename FROM pg_tables WHERE schemaname = $1 ORDER BY tablename", [
      schema,
    ]);
    return rows.map((row) => row["tablename"]);
  }

  it("creates the tables in schema auth and leaves public alone", async () => {
    await migrateOnce();
    expect(await tables("auth")).toEqual(["account", "jwks", "session", "user", "verification"]);
    expect(await tables("public")).toEqual([]);
  });

  it("does nothing the second time", async () => {
    expect(await migrateOnce()).toEqual({ tablesCreated: 5, tablesChanged: 0 });
    expect(await migrateOnce()).toEqual({ tablesCreated: 0, tablesChanged: 0 });
  });

  it("is safe when several run at once", async () => {
    const results = await Promise.all([migrateOnce(), migrateOnce(), migrateOnce()]);
    const created = results.map((result) => result.tablesCreated).sort();
    expect(created).toEqual([0, 0, 5]);
  });

  it("may run after the server has started, which then goes to work", async () => {
    const app = await startWebApp(testConfig(database.url), { migrated: false });
    expect((await fetch(`${app.url}/readyz`)).status).toBe(503);
    expect((await fetch(`${app.url}/api/auth/jwks`)).status).toBe(503);
    await migrateOnce();
    expect((await fetch(`${app.url}/readyz`)).status).toBe(200);
    await signUp(app.url);
    await app.close();
  });
});
