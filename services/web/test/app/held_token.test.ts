import { describe, expect, it } from "vitest";
import { readClaims } from "../../app/token/claims.ts";
import { type HeldToken, isExpired, received, renewalDelayMs, restored } from "../../app/token/held_token.ts";
import { LIFE_MS, makeToken } from "../support/token_world.ts";

const NOW = Date.UTC(2030, 0, 1);
const HOUR = 60 * 60 * 1000;

describe("readClaims", () => {
  it("reads what the app needs", () => {
    expect(readClaims(makeToken("user-1", NOW))).toEqual({
      userId: "user-1",
      name: "Ada",
      email: "ada@example.test",
      issuedAtMs: NOW,
      expiresAtMs: NOW + LIFE_MS,
    });
  });

  it("reads names beyond ASCII", () => {
    const payload = Buffer.from(JSON.stringify({ sub: "u", iat: 1, exp: 2, name: "Ada ✓ Łoś" }));
    expect(readClaims(`x.${payload.toString("base64url")}.x`)?.name).toBe("Ada ✓ Łoś");
  });

  it.each(["", "opaque-session-token", "a.b.c", "a.e30.c", "..", `x.${btoa('{"sub":"u","iat":"1","exp":2}')}.x`])(
    "finds nothing in %j",
    (token) => expect(readClaims(token)).toBeUndefined(),
  );
});

describe("a held token", () => {
  const held = received(makeToken("user-1", NOW), NOW) as HeldToken;

  it("is to be renewed at 80 % of its life", () => {
    expect(renewalDelayMs(held, NOW)).toBe(0.8 * LIFE_MS);
    expect(renewalDelayMs(held, NOW + 0.8 * LIFE_MS)).toBe(0);
  });

  it("is expired from the instant that exp names", () => {
    expect(isExpired(held, NOW + LIFE_MS - 1)).toBe(false);
    expect(isExpired(held, NOW + LIFE_MS)).toBe(true);
  });

  it.each([-24 * HOUR, -HOUR, HOUR, 24 * HOUR])("is new when it arrives, with a clock that is %i ms off", (off) => {
    const local = NOW + off;
    const arrived = received(makeToken("user-1", NOW), local) as HeldToken;
    expect(isExpired(arrived, local)).toBe(false);
    expect(renewalDelayMs(arrived, local)).toBe(0.8 * LIFE_MS);
    expect(isExpired(arrived, local + LIFE_MS)).toBe(true);
    const later = restored(arrived.token, arrived.skewMs) as HeldToken;
    expect(renewalDelayMs(later, local)).toBe(0.8 * LIFE_MS);
  });
});
