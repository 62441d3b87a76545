import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from "vitest";
import { SIGNING_ALGORITHMS, type SigningAlgorithm } from "../../server/config.ts";
import { type Account, decode, signUp, tokenOf } from "../support/account.ts";
import { createDatabase, type TestDatabase } from "../support/database.ts";
import { type PublishedKey, signatureIsGood } from "../support/jws.ts";
import { ORIGIN, type RunningWebApp, startWebApp, testConfig } from "../support/running_web_app.ts";

let database: TestDatabase;

beforeAll(async () => {
  database = await createDatabase(inject("databaseServerUrl"));
});
afterAll(() => database.drop());

async function keySet(url: string): Promise<PublishedKey[]> {
  const response = await fetch(`${url}/.well-known/jwks.json`);
  expect(response.status).toBe(200);
  return ((await response.json()) as { keys: PublishedKey[] }).keys;
}

async function withApp(algorithm: SigningAlgorithm, work: (app: RunningWebApp) => Promise<void>): Promise<void> {
  const app = await startWebApp(testConfig(database.url, { signingAlgorithm: algorithm }));
  try {
    await work(app);
  } finally {
    await app.close();
  }
}

async function expectSignedByPublishedKey(app: RunningWebApp, token: string, algorithm: string) {
  const { header } = decode(token);
  expect(header["alg"]).toBe(algorithm);
  const key = (await keySet(app.url)).find((each) => each.kid === header["kid"]);
  expect(key?.alg).toBe(algorithm);
  expect(key && signatureIsGood(token, key)).toBe(true);
}

describe.each(SIGNING_ALGORITHMS)("with BETTER_AUTH_JWT_ALG=%s", (algorithm) => {
  // One database for all: each algorithm also follows the one before it.
  it("signs with a key that is published at /.well-known/jwks.json", async () => {
    await withApp(algorithm, async (app) => {
      const { cookie } = await signUp(app.url);
      await expectSignedByPublishedKey(app, await tokenOf(app.url, cookie), algorithm);
    });
  });
});

describe("a token", () => {
  let app: RunningWebApp;
  let account: Account;

  beforeAll(async () => {
    app = await startWebApp(testConfig(database.url));
    account = await signUp(app.url);
  });
  afterAll(() => app.close());

  it("holds these claims and no others", async () => {
    const { header, claims } = decode(await tokenOf(app.url, account.cookie));
    expect(Object.keys(claims).sort()).toEqual(["aud", "email", "exp", "iat", "iss", "name", "sub"]);
    expect(claims).toMatchObject({
      sub: account.userId,
      iss: ORIGIN,
      aud: ORIGIN,
      email: account.email,
      name: "Ada",
    });
    expect(Object.keys(header).sort()).toEqual(["alg", "kid"]);
  });

  it("lives for 15 minutes from now", async () => {
    const before = Math.floor(Date.now() / 1000);
    const { claims } = decode(await tokenOf(app.url, account.cookie));
    const { iat, exp } = claims as { iat: number; exp: number };
    expect(exp - iat).toBe(15 * 60);
    expect(iat).toBeGreaterThanOrEqual(before);
  });

  it("is refused without a session", async () => {
    const response = await fetch(`${app.url}/api/auth/token`);
    expect(response.status).toBe(401);
  });
});

describe("key rotation", () => {
  beforeEach(() => database.query("DELETE FROM auth.jwks"));

  it("makes a new key once the old one has expired, and keeps both published", async () => {
    await withApp("EdDSA", async (app) => {
      const { cookie } = await signUp(app.url);
      const before = await tokenOf(app.url, cookie);
      await database.query(`UPDATE auth.jwks SET "expiresAt" = now() - interval '1 second'`);
      const after = await tokenOf(app.url, cookie);
      expect(decode(after).header["kid"]).not.toBe(decode(before).header["kid"]);
      await expectSignedByPublishedKey(app, before, "EdDSA");
      await expectSignedByPublishedKey(app, after, "EdDSA");
    });
  });

  it("signs with the configured algorithm after it was changed, and back again", async () => {
    let cookie = "";
    let first = "";
    await withApp("EdDSA", async (app) => {
      ({ cookie } = await signUp(app.url));
      first = await tokenOf(app.url, cookie);
    });
    await withApp("RS256", async (app) => {
      await expectSignedByPublishedKey(app, await tokenOf(app.url, cookie), "RS256");
      await expectSignedByPublishedKey(app, first, "EdDSA");
    });
    await withApp("EdDSA", async (app) => {
      await expectSignedByPublishedKey(app, await tokenOf(app.url, cookie), "EdDSA");
      expect(await keySet(app.url)).toHaveLength(3);
    });
  });

  it("keeps the key over a restart, and makes one key when replicas start together", async () => {
    const apps = await Promise.all([1, 2, 3].map(() => startWebApp(testConfig(database.url))));
    const sets = await Promise.all(apps.map((app) => keySet(app.url)));
    await Promise.all(apps.map((app) => app.close()));
    await withApp("EdDSA", async (app) => {
      const keys = await keySet(app.url);
      expect(keys).toHaveLength(1);
      for (const set of sets) expect(set).toEqual(keys);
    });
  });

  it("says what to do when the key was encrypted with another secret", async () => {
    await withApp("EdDSA", async (app) => {
      await keySet(app.url);
    });
    const other = testConfig(database.url, { secret: "another-secret-of-more-than-32-characters" });
    const app = await startWebApp(other);
    await expect(app.keys.ready()).rejects.toThrow(/another BETTER_AUTH_SECRET/);
    expect((await fetch(`${app.url}/.well-known/jwks.json`)).status).toBe(503);
    await app.close();
  });
});
