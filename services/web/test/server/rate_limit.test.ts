import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { addressSet } from "../../server/client_address.ts";
import { ORIGIN, startWebApp, testConfig } from "../support/running_web_app.ts";
import { createDatabase, type TestDatabase } from "../support/database.ts";

describe("sign-in attempts", () => {
  let database: TestDatabase;

  beforeAll(async () => {
    database = await createDatabase(inject("databaseServerUrl"));
  });
  afterAll(() => database.drop());

  /** What ten attempts are answered, each of which claims another address. */
  async function attempts(proxies: string[], claim: (attempt: number) => Record<string, string>) {
    const app = await startWebApp(testConfig(database.url, { rateLimit: true, trustedProxies: addressSet(proxies) }));
    const attempt = async (_: unknown, number: number) => {
      const response = await fetch(`${app.url}/api/auth/sign-in/email`, {
        method: "POST",
        headers: { "Content-Type": "application/json", Origin: ORIGIN, ...claim(number) },
        body: JSON.stringify({ email: "ada@example.test", password: "not the password" }),
      });
      return response.status;
    };
    const statuses = await Promise.all(Array.from({ length: 10 }, attempt));
    await app.close();
    return {
      refused: statuses.filter((status) => status === 401).length,
      limited: statuses.filter((status) => status === 429).length,
    };
  }

  it("are limited by the socket's address, whatever address a client claims", async () => {
    const claim = (attempt: number) => ({
      "X-Forwarded-For": `192.0.2.${attempt}`,
      "X-Client-Address": `192.0.2.${attempt}`,
    });
    expect(await attempts([], claim)).toEqual({ refused: 3, limited: 7 });
  });

  it("behind a proxy of ours are limited by the address that it names", async () => {
    const claim = (attempt: number) => ({ "X-Forwarded-For": `192.0.2.${attempt}` });
    expect(await attempts(["127.0.0.0/8"], claim)).toEqual({ refused: 10, limited: 0 });
  });

  it("behind a proxy of ours cannot pretend to come from somewhere else", async () => {
    const claim = (attempt: number) => ({
      "X-Forwarded-For": `192.0.2.${attempt}, 198.51.100.7`,
      "X-Client-Address": `192.0.2.${attempt}`,
    });
    expect(await attempts(["127.0.0.0/8"], claim)).toEqual({ refused: 3, limited: 7 });
  });
});
