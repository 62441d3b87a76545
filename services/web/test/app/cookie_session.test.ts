import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Access } from "../../app/account/access.ts";
import type { Finding } from "../../app/account/session.ts";
import { SessionEnded } from "../../app/api/problem.ts";
import { cookieAccess } from "../../app/cookie/cookie_access.ts";
import type { SessionAnswer } from "../../app/cookie/session_source.ts";
import { type FakeGateway, startFakeGateway } from "../support/fake_gateway.ts";
import { ManualClock, settled } from "../support/manual_clock.ts";

const ADA: SessionAnswer = { kind: "user", user: { id: "user-1", name: "Ada", email: "ada@example.test" } };
const BOB: SessionAnswer = { kind: "user", user: { id: "user-2", name: "Bob", email: "bob@example.test" } };

let gateway: FakeGateway;
let clock: ManualClock;
let answer: SessionAnswer;
/** Answers are on their way for so long; what they say is decided before. */
let transit: Promise<void>;
let questions: number;
let credentials: (RequestCredentials | undefined)[];
let tabs: { access: Access; findings: Finding[] }[];

/** A tab of the one browser: all share the cookie, and hear each other's news. */
function openTab() {
  const listeners: (() => void)[] = [];
  const findings: Finding[] = [];
  const index = tabs.length;
  const fetchFn: typeof fetch = (input, init) => {
    credentials.push(init?.credentials);
    return fetch(input, init);
  };
  const open = cookieAccess(
    { fetchFn, baseUrl: gateway.url, clock },
    {
      source: async () => {
        questions += 1;
        const decided = answer;
        await transit;
        return decided;
      },
      news: {
        tell: () => heard.forEach((callbacks, other) => other !== index && callbacks.forEach((call) => call())),
        onTold: (callback) => void listeners.push(callback),
      },
    },
  );
  const tab = { access: open((finding) => findings.push(finding)), findings };
  tabs.push(tab);
  heard.push(listeners);
  return tab;
}
let heard: (() => void)[][];

beforeEach(async () => {
  gateway = await startFakeGateway("http://web.example.test");
  clock = new ManualClock();
  answer = ADA;
  transit = Promise.resolve();
  questions = 0;
  credentials = [];
  tabs = [];
  heard = [];
});
afterEach(() => gateway.close());

describe("access by cookie", () => {
  it("finds out whose session there is, and calls with credentials and without a token", async () => {
    const { access, findings } = openTab();
    await access.keeper.start();
    expect(findings).toEqual([ADA]);
    await access.fetch("/api/user-1/tasks");
    expect(credentials).toEqual(["include"]);
    expect(gateway.seen[0]?.authorization).toBeUndefined();
  });

  it("signs nobody out while the server is away, and asks again later each time", async () => {
    const { access, findings } = openTab();
    await access.keeper.start();
    answer = { kind: "unavailable" };
    await access.keeper.renew();
    expect(findings.at(-1)).toEqual({ kind: "unreachable" });
    await clock.advance(2_000);
    expect(questions).toBe(3);
    answer = ADA;
    await clock.advance(4_000);
    expect(findings.at(-1)).toEqual(ADA);
  });

  it("asks once for callers at the same time", async () => {
    const { access } = openTab();
    await Promise.all([access.keeper.renew(), access.keeper.renew(), access.keeper.renewIfDue()]);
    expect(questions).toBe(1);
  });

  it("takes a 401 for the end of the session only when Better Auth says so too", async () => {
    const { access, findings } = openTab();
    await access.keeper.start();
    gateway.planned = [{ status: 401 }, { status: 401 }];
    expect((await access.fetch("/api/user-1/tasks")).status).toBe(401);
    expect(findings.at(-1)).toEqual(ADA);
    answer = { kind: "no_session" };
    await expect(access.fetch("/api/user-1/tasks")).rejects.toThrow(SessionEnded);
    expect(findings.at(-1)).toEqual({ kind: "no_session" });
  });

  it("notices at a 403 that the cookie is another user's by now", async () => {
    const { access, findings } = openTab();
    await access.keeper.start();
    answer = BOB;
    gateway.planned = [{ status: 403 }];
    await access.fetch("/api/user-1/tasks");
    expect(findings.at(-1)).toEqual(BOB);
  });

  it("tells the other tabs of a sign-in and a sign-out", async () => {
    const [here, there] = [openTab(), openTab()];
    await here.access.keeper.start();
    await there.access.keeper.start();
    await here.access.keeper.signOut(async () => {
      answer = { kind: "no_session" };
    });
    await settled();
    expect(there.findings.at(-1)).toEqual({ kind: "no_session" });
    answer = BOB;
    await here.access.keeper.signedIn();
    await settled();
    expect(there.findings.at(-1)).toEqual(BOB);
  });

  it("asks anew when another tab tells of a sign-in, though it is asking already", async () => {
    const [here, there] = [openTab(), openTab()];
    let arrive = () => {};
    transit = new Promise((resolve) => (arrive = resolve));
    const asked = there.access.keeper.start();
    await settled();
    answer = BOB;
    transit = Promise.resolve();
    await here.access.keeper.signedIn();
    arrive();
    await asked;
    await settled();
    expect(there.findings.at(-1)).toEqual(BOB);
  });

  it("stays signed in where signing out fails", async () => {
    const { access, findings } = openTab();
    await access.keeper.start();
    await expect(access.keeper.signOut(() => Promise.reject(new Error("away")))).rejects.toThrow("away");
    expect(findings.at(-1)).toEqual(ADA);
  });
});
