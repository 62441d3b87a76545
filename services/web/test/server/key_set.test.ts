import { describe, expect, it } from "vitest";
import { useWebApp } from "../support/use_web_app.ts";

describe("GET /.well-known/jwks.json", () => {
  const web = useWebApp();

  it("makes the first key when there is none", async () => {
    expect(await web.database.query("SELECT id FROM auth.jwks")).toEqual([]);
    const response = await fetch(`${web.app.url}/.well-known/jwks.json`);
    expect(response.status).toBe(200);
    const { keys } = (await response.json()) as { keys: Record<string, unknown>[] };
    expect(keys).toHaveLength(1);
    expect(keys[0]).not.toHaveProperty("d");
  });

  it("says what Better Auth says, and how long it may be kept", async () => {
    const wellKnown = await fetch(`${web.app.url}/.well-known/jwks.json`);
    const betterAuth = await fetch(`${web.app.url}/api/auth/jwks`);
    expect(await wellKnown.json()).toEqual(await betterAuth.json());
    expect(wellKnown.headers.get("content-type")).toBe("application/json");
    expect(wellKnown.headers.get("cache-control")).toBe("public, max-age=3600, s-maxage=15");
  });

  it("answers HEAD without a body", async () => {
    const response = await fetch(`${web.app.url}/.well-known/jwks.json`, { method: "HEAD" });
    expect(response.status).toBe(200);
    expect(await response.text()).toBe("");
  });
});
