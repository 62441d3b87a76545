// Creates the schema and Better Auth's tables, and nothing that is there already.
import { getMigrations } from "better-auth/db/migration";
import type pg from "pg";
import type { Auth } from "./auth.ts";
import { AUTH_SCHEMA, withAdvisoryLock } from "./database.ts";

export interface MigrationResult {
  tablesCreated: number;
  tablesChanged: number;
}

/** Safe to run twice, and from two processes at once: the second waits and finds nothing to do. */
export async function migrate(auth: Auth, pool: pg.Pool): Promise<MigrationResult> {
  return withAdvisoryLock(pool, async () => {
    await pool.query(`CREATE SCHEMA IF NOT EXISTS ${AUTH_SCHEMA}`);
    const plan = await getMigrations(auth.options);
    await plan.runMigrations();
    return { tablesCreated: plan.toBeCreated.length, tablesChanged: plan.toBeAdded.length };
  });
}
