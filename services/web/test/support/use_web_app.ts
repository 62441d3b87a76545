import { afterAll, beforeAll, inject } from "vitest";
import { createDatabase, type TestDatabase } from "./database.ts";
import { type RunningWebApp, startWebApp, testConfig } from "./running_web_app.ts";

/**
 * To be called where tests are declared: the server on a database of its own, from before the first of them until after
 * the last.
 */
export function useWebApp(): { app: RunningWebApp; database: TestDatabase } {
  const web = {} as { app: RunningWebApp; database: TestDatabase };
  beforeAll(async () => {
    web.database = await createDatabase(inject("databaseServerUrl"));
    web.app = await startWebApp(testConfig(web.database.url));
  });
  afterAll(async () => {
    await web.app.close();
    await web.database.drop();
  });
  return web;
}
