import { beforeEach, describe, expect, it } from "vitest";
import { ManualClock, settled } from "../support/manual_clock.ts";
import { BrowserProfile, LIFE_MS, SignInServer } from "../support/token_world.ts";

let clock: ManualClock;
let server: SignInServer;
let profile: BrowserProfile;

beforeEach(() => {
  clock = new ManualClock();
  server = new SignInServer(clock);
  profile = new BrowserProfile();
});

async function startedTab() {
  const tab = profile.openTab(server, clock);
  await tab.keeper.start();
  return tab;
}

describe("at start", () => {
  it("asks for a token and keeps it", async () => {
    const { keeper } = await startedTab();
    expect(keeper.state.kind).toBe("held");
    expect(profile.keptToken).toBe(await keeper.token());
    expect(server.calls).toBe(1);
  });

  it("uses a kept token that still lives, without asking", async () => {
    await startedTab();
    await clock.advance(60_000);
    await startedTab();
    expect(server.calls).toBe(1);
  });

  it("removes a token that has expired, also when no new one is to be had", async () => {
    profile.items.setItem("better_auth_access_token", server.issue());
    await clock.advance(LIFE_MS);
    server.reachable = false;
    const { keeper } = await startedTab();
    expect(profile.keptToken).toBeNull();
    expect(keeper.state.kind).toBe("unreachable");
  });

  it("removes what is not a token", async () => {
    profile.items.setItem("better_auth_access_token", "opaque");
    server.userId = undefined;
    const { keeper } = await startedTab();
    expect(profile.keptToken).toBeNull();
    expect(keeper.state.kind).toBe("no_session");
  });
});

describe("renewal", () => {
  it("happens at 80 % of the token's life", async () => {
    const { keeper } = await startedTab();
    const first = await keeper.token();
    await clock.advance(0.8 * LIFE_MS - 1);
    expect(server.calls).toBe(1);
    await clock.advance(1);
    expect(server.calls).toBe(2);
    expect(await keeper.token()).not.toBe(first);
  });

  it("happens on focus when it is due, and only then", async () => {
    const { keeper } = await startedTab();
    await keeper.renewIfDue();
    expect(server.calls).toBe(1);
    server.reachable = false;
    await clock.advance(0.9 * LIFE_MS);
    const callsWhileAway = server.calls;
    server.reachable = true;
    await keeper.renewIfDue();
    expect(server.calls).toBe(callsWhileAway + 1);
    await keeper.renewIfDue();
    expect(server.calls).toBe(callsWhileAway + 1);
  });

  it("is one request for many callers", async () => {
    const { keeper } = await startedTab();
    const refused = (await keeper.token()) ?? "";
    const tokens = await Promise.all(Array.from({ length: 20 }, () => keeper.tokenInsteadOf(refused)));
    expect(new Set(tokens).size).toBe(1);
    expect(tokens[0]).not.toBe(refused);
    expect(server.calls).toBe(2);
  });

  it("is one request for all tabs", async () => {
    const tabs = [await startedTab(), await startedTab(), await startedTab()];
    await clock.advance(0.8 * LIFE_MS);
    expect(server.calls).toBe(2);
    const tokens = await Promise.all(tabs.map((tab) => tab.keeper.token()));
    expect(new Set(tokens)).toEqual(new Set([profile.keptToken]));
  });

  it.each([-86_400_000, -3_600_000, 3_600_000, 86_400_000])(
    "does not go in circles with a server clock that is %i ms ahead",
    async (aheadMs) => {
      server = new SignInServer(clock, aheadMs);
      const { keeper } = await startedTab();
      for (let call = 0; call < 10; call += 1) expect(await keeper.token()).toBeDefined();
      await startedTab();
      expect(server.calls).toBe(1);
      await clock.advance(0.8 * LIFE_MS);
      expect(server.calls).toBe(2);
    },
  );
});

describe("a server that cannot be reached", () => {
  it("does not sign out, and leaves the token in use until it expires", async () => {
    const { keeper, states } = await startedTab();
    const token = await keeper.token();
    server.reachable = false;
    await clock.advance(0.9 * LIFE_MS);
    expect(await keeper.token()).toBe(token);
    await clock.advance(0.1 * LIFE_MS);
    expect(await keeper.token()).toBeUndefined();
    expect(keeper.state.kind).toBe("unreachable");
    expect(states.map((state) => state.kind)).not.toContain("no_session");
  });

  it("is asked again, less and less often, and then all is well", async () => {
    server.reachable = false;
    const { keeper } = await startedTab();
    await clock.advance(10 * 60_000);
    expect(server.calls).toBeLessThan(20);
    server.reachable = true;
    await clock.advance(60_000);
    expect(keeper.state.kind).toBe("held");
  });
});

describe("the end of a session", () => {
  it("is what a renewal without a session means", async () => {
    const { keeper } = await startedTab();
    server.userId = undefined;
    await clock.advance(0.8 * LIFE_MS);
    expect(keeper.state.kind).toBe("no_session");
    expect(profile.keptToken).toBeNull();
    expect(clock.pendingTimers).toBe(0);
  });

  it("by sign-out removes the token here and in every tab", async () => {
    const tabs = [await startedTab(), await startedTab()];
    await tabs[0]?.keeper.signOut(async () => {
      server.userId = undefined;
    });
    await settled();
    expect(profile.keptToken).toBeNull();
    expect(tabs.map((tab) => tab.keeper.state.kind)).toEqual(["no_session", "no_session"]);
  });

  it("leaves no token in use in a tab that cannot ask", async () => {
    const [here, there] = [await startedTab(), await startedTab()];
    await here.keeper.signOut(async () => {
      server.reachable = false;
    });
    await settled();
    expect(await there.keeper.token()).toBeUndefined();
    expect(there.keeper.state.kind).toBe("unreachable");
  });

  it("that fails leaves everything as it was", async () => {
    const { keeper } = await startedTab();
    const token = await keeper.token();
    await expect(keeper.signOut(() => Promise.reject(new Error("offline")))).rejects.toThrow("offline");
    expect(await keeper.token()).toBe(token);
  });

  it("is not assumed when another tab removes the token", async () => {
    const { keeper, states } = await startedTab();
    await profile.openTab(server, clock).keeper.signedIn();
    await settled();
    expect(states.map((state) => state.kind)).not.toContain("no_session");
    expect(await keeper.token()).toBe(profile.keptToken);
  });
});

describe("signing in as another user", () => {
  it("reaches every tab", async () => {
    const [here, there] = [await startedTab(), await startedTab()];
    server.userId = "user-2";
    await here.keeper.signedIn();
    await settled();
    for (const { keeper } of [here, there]) {
      expect(keeper.state).toMatchObject({ kind: "held", held: { claims: { userId: "user-2" } } });
    }
  });
});

describe("signing in", () => {
  it("does not go by the answer to what was asked before it", async () => {
    server.userId = undefined;
    const { keeper } = await startedTab();
    let arrive = () => {};
    server.transit = new Promise((resolve) => (arrive = resolve));
    const asked = keeper.renew();
    await settled();
    server.userId = "user-1";
    const signedIn = keeper.signedIn();
    arrive();
    await Promise.all([asked, signedIn]);
    expect(keeper.state).toMatchObject({ kind: "held", held: { claims: { userId: "user-1" } } });
  });
});

describe("a token that a service refused", () => {
  it("is replaced", async () => {
    const { keeper } = await startedTab();
    const refused = (await keeper.token()) ?? "";
    expect(await keeper.tokenInsteadOf(refused)).toBe(profile.keptToken);
  });

  it("is not asked for again when it was replaced meanwhile", async () => {
    const { keeper } = await startedTab();
    const refused = (await keeper.token()) ?? "";
    await keeper.renew();
    expect(await keeper.tokenInsteadOf(refused)).toBe(profile.keptToken);
    expect(server.calls).toBe(2);
  });

  it("has no replacement while the server is away", async () => {
    const { keeper } = await startedTab();
    server.reachable = false;
    expect(await keeper.tokenInsteadOf((await keeper.token()) ?? "")).toBeUndefined();
  });
});
