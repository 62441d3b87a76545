import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { ORIGIN, type RunningWebApp, startWebApp, testConfig } from "../support/running_web_app.ts";
import { createDatabase, type TestDatabase } from "../support/database.ts";

describe("sign-in attempts", () => {
  let database: TestDatabase;
  let app: RunningWebApp;

  beforeAll(async () => {
    database = await createDatabase(inject("databaseServerUrl"));
    app = await startWebApp(testConfig(database.url, { rateLimit: true }));
  });
  afterAll(async () => {
    await app.close();
    await database.drop();
  });

  it("are limited by the socket's address, whatever address a client claims", async () => {
    const statuses = await Promise.all(
      Array.from({ length: 10 }, async (_, attempt) => {
        const response = await fetch(`${app.url}/api/auth/sign-in/email`, {
          method: "POST",
          headers: {
            "Content-Type": "application/json",
            Origin: ORIGIN,
            "X-Forwarded-For": `192.0.2.${attempt}`,
            "X-Client-Address": `192.0.2.${attempt}`,
          },
          body: JSON.stringify({ email: "ada@example.test", password: "not the password" }),
        });
        return response.status;
      }),
    );
    expect(statuses.filter((status) => status === 401)).toHaveLength(3);
    expect(statuses.filter((status) => status === 429)).toHaveLength(7);
  });
});
