import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { SessionEnded } from "../../app/api/problem.ts";
import { LiveUpdates, type News } from "../../app/live/live_updates.ts";
import { ManualClock, settled } from "../support/manual_clock.ts";

/** One connection as the gateway sees it. */
interface Connection {
  lastEventId: string | null;
  send(event: { id: string; data?: object; event?: string }): Promise<void>;
  end(): Promise<void>;
}

let clock: ManualClock;
let connections: Connection[];
/** What the next connections are answered with in place of a stream. */
let planned: (Response | Error)[];
let tabs: Tab[];

interface Tab {
  live: LiveUpdates;
  news: News[];
  listeners: ((news: News) => void)[];
  over: Promise<void>;
  stop(): void;
}

beforeEach(() => {
  clock = new ManualClock();
  connections = [];
  planned = [];
  tabs = [];
});
afterEach(() => tabs.forEach(({ live }) => live.stop()));

function connect(init: RequestInit | undefined): Response {
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
  const writer = writable.getWriter();
  writer.closed.catch(() => {});
  init?.signal?.addEventListener("abort", () => void writer.abort("the page has given it up"));
  connections.push({
    lastEventId: new Headers(init?.headers).get("Last-Event-ID"),
    send: async ({ id, data = {}, event = "message" }) => {
      await writer.write(new TextEncoder().encode(`id: ${id}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`));
      await settled();
    },
    end: async () => {
      await writer.close();
      await settled();
    },
  });
  return new Response(readable);
}

/** A tab of the one browser. The first one leads; another waits until it stops. */
async function openTab(): Promise<Tab> {
  const news: News[] = [];
  const listeners: ((news: News) => void)[] = [];
  const leader = tabs.at(-1);
  const live = new LiveUpdates({
    fetch: async (_, init) => {
      const answer = planned.shift() ?? connect(init);
      if (answer instanceof Error) throw answer;
      return answer;
    },
    path: "/stream",
    clock,
    channel: {
      tell: (told) => tabs.forEach((tab) => tab.live !== live && tab.listeners.forEach((listener) => listener(told))),
      onTold: (listener) => {
        listeners.push(listener);
        return () => void listeners.splice(0);
      },
    },
    leadership: async (signal, work) => {
      if (leader !== undefined) await leader.over;
      if (!signal.aborted) await work();
    },
    onNews: (each) => news.push(each),
  });
  let stopped = () => {};
  const over = new Promise<void>((resolve) => (stopped = resolve));
  const stop = () => {
    live.stop();
    stopped();
  };
  const tab = { live, news, listeners, over, stop };
  tabs.push(tab);
  live.start();
  await settled();
  return tab;
}

const latest = () => connections.at(-1) ?? expect.fail("there is no connection");
const ids = (news: News[]) => news.filter(({ reached }) => !reached).map(({ eventId }) => eventId);

describe("live updates", () => {
  it("say that something may have been missed with the first event of all, and not again", async () => {
    const { news } = await openTab();
    await latest().send({ id: "1" });
    await latest().send({ id: "2" });
    expect(news.filter(({ missed }) => missed).map(({ eventId }) => eventId)).toEqual(["1"]);
  });

  it("go on where they ended", async () => {
    const { news } = await openTab();
    await latest().send({ id: "1" });
    await latest().end();
    await clock.advance(1_000);
    expect(connections.map(({ lastEventId }) => lastEventId)).toEqual([null, "1"]);
    await latest().send({ id: "2" });
    expect(news.filter(({ missed }) => missed)).toHaveLength(1);
  });

  it("start over where the gateway does not remember any more where that was", async () => {
    const { news } = await openTab();
    await latest().send({ id: "1" });
    planned = [new Response(null, { status: 410 })];
    await latest().end();
    await clock.advance(10_000);
    expect(latest().lastEventId).toBeNull();
    await latest().send({ id: "9" });
    expect(news.at(-1)).toMatchObject({ eventId: "9", missed: true });
  });

  it("tell each tab when the gateway answers again, and what it says", async () => {
    const [first, second] = [await openTab(), await openTab()];
    await latest().send({ id: "1" });
    planned = [new Error("away")];
    await latest().end();
    await clock.advance(10_000);
    for (const { news } of [first, second]) {
      expect(ids(news)).toEqual(["1"]);
      expect(news.at(-1)).toEqual({ eventId: "1", reached: true });
    }
    expect(connections).toHaveLength(2);
  });

  it("are taken over by another tab where the first has ended", async () => {
    const [first, second] = [await openTab(), await openTab()];
    await latest().send({ id: "1" });
    first.stop();
    await settled();
    expect(latest().lastEventId).toBe("1");
    await latest().send({ id: "2" });
    expect(ids(second.news)).toEqual(["1", "2"]);
  });

  it("tell nothing any more once they are stopped", async () => {
    const tab = await openTab();
    await latest().send({ id: "1" });
    const known = tab.news.length;
    // It has come already, and is about to be read.
    void latest().send({ id: "2" });
    tab.stop();
    await settled();
    expect(tab.news).toHaveLength(known);
    await clock.advance(60_000);
    expect(connections).toHaveLength(1);
  });

  it("connect again at once where the token has expired, and not at all where the session is over", async () => {
    await openTab();
    await latest().send({ id: "1" });
    await latest().send({ id: "1", event: "error", data: { error_code: "TOKEN_EXPIRED" } });
    expect(connections).toHaveLength(2);
    planned = [new SessionEnded("over")];
    await latest().end();
    await clock.advance(60_000);
    expect(connections).toHaveLength(2);
  });

  it("are given up and begun anew where not even a heartbeat comes", async () => {
    await openTab();
    await clock.advance(41_000);
    await clock.advance(1_000);
    expect(connections).toHaveLength(2);
  });

  it("try again without waiting when hurried", async () => {
    const { live } = await openTab();
    planned = Array.from({ length: 5 }, () => new Error("away"));
    await latest().end();
    await clock.advance(20_000);
    const before = planned.length;
    live.hurry();
    await settled();
    expect(planned.length).toBeLessThan(before);
  });
});
