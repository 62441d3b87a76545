import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Accounts, AccountProblem } from "../../app/account/accounts.ts";
import { AppState } from "../../app/app_state.ts";
import { KeptItems } from "../../app/kept_items.ts";
import { Theme } from "../../app/theme.ts";
import { MemoryStorage } from "../support/memory_storage.ts";
import { tokenAccess } from "../../app/token/token_access.ts";
import { LocalTokenStorage } from "../../app/token/token_storage.ts";
import { type FakeGateway, makeTask, startFakeGateway } from "../support/fake_gateway.ts";
import { ManualClock, settled } from "../support/manual_clock.ts";
import { LIFE_MS, SignInServer } from "../support/token_world.ts";

let gateway: FakeGateway;
let clock: ManualClock;
let server: SignInServer;
let state: AppState;
let states: AppState[];
let items: KeptItems;

const accounts: Accounts = {
  signUp: async () => {},
  signIn: async () => {},
  signOut: async () => {
    if (!server.reachable) throw new AccountProblem("The sign-in server cannot be reached.");
    server.userId = undefined;
  },
};

beforeEach(async () => {
  gateway = await startFakeGateway("http://web.example.test");
  gateway.tasks = [makeTask({ title: "a" })];
  clock = new ManualClock();
  server = new SignInServer(clock);
  items = new KeptItems(undefined);
  states = [];
  state = newState();
});
afterEach(() => {
  for (const each of states) each.workspace.value?.close();
  return gateway.close();
});

/** Another page of the same browser. */
function newState(): AppState {
  const parts = {
    storage: new LocalTokenStorage(new MemoryStorage(), new EventTarget()),
    source: server.source,
    exclusive: <T>(work: () => Promise<T>) => work(),
  };
  const page = new AppState({
    accounts,
    openAccess: tokenAccess({ fetchFn: fetch, baseUrl: gateway.url, clock }, parts),
    items,
    clock,
    locks: undefined,
    theme: new Theme(items, { dataset: {} }),
  });
  states.push(page);
  return page;
}

async function loaded(): Promise<void> {
  while (state.workspace.value?.tasks.loadState.value !== "loaded") await settled();
}

describe("AppState", () => {
  it("loads the tasks of the user whose session there is", async () => {
    await state.start();
    await loaded();
    expect(state.session.value).toMatchObject({ kind: "signed_in", user: { id: "user-1", name: "Ada" } });
    expect(state.workspace.value?.tasks.tasks.value.map((task) => task.title)).toEqual(["a"]);
  });

  it("reads the tasks again by itself where that has failed", async () => {
    gateway.planned = Array.from({ length: 3 }, () => ({ status: 503 }));
    await state.start();
    const loadState = () => state.workspace.value?.tasks.loadState.value;
    while (loadState() !== "failed") await settled();
    while (gateway.planned.length > 0) await settled();
    while (loadState() === "failed") await clock.advance(2_000);
    await loaded();
    expect(state.workspace.value?.tasks.tasks.value.map((task) => task.title)).toEqual(["a"]);
  });

  it("says once that nothing can be read, and takes the place of no other message with it after that", async () => {
    const reads = () =>
      gateway.seen.filter(({ path }) => new URL(path, gateway.url).pathname.endsWith("/tasks")).length;
    gateway.planned = Array.from({ length: 1_000 }, () => ({ status: 503 }));
    await state.start();
    while (reads() < 2) await clock.advance(2_000);
    expect(state.messages.current.value?.text).toContain("could not be loaded");
    state.messages.show("Deleted “a”.");
    while (reads() < 5) await clock.advance(60_000);
    gateway.planned = [];
    while (state.workspace.value?.tasks.loadState.value !== "loaded") await clock.advance(60_000);
    expect(state.messages.current.value?.text).toBe("Deleted “a”.");
  });

  it("shows a signed-out user the door", async () => {
    server.userId = undefined;
    await state.start();
    expect(state.session.value).toEqual({ kind: "signed_out", ended: false });
  });

  it("keeps what was typed when a session ends, for the same user", async () => {
    await state.start();
    state.drafts.newTitle.value = "half a th";
    server.userId = undefined;
    await clock.advance(0.8 * LIFE_MS);
    expect(state.session.value).toEqual({ kind: "signed_out", ended: true });
    expect(state.workspace.value).toBeUndefined();
    server.userId = "user-1";
    await state.keeper.signedIn();
    expect(state.drafts.newTitle.value).toBe("half a th");
  });

  it("keeps what was typed in this tab though another tab has kept its own meanwhile", async () => {
    const [other, next] = [newState(), newState()];
    await Promise.all([state.start(), other.start()]);
    state.drafts.newTitle.value = "half a th";
    other.drafts.newTitle.value = "something else";
    other.drafts.newTitle.value = "";
    state.leave();
    await next.start();
    expect(next.drafts.newTitle.value).toBe("half a th");
  });

  it("keeps what was typed in another tab though this one, where nothing was, is left last", async () => {
    const [other, next] = [newState(), newState()];
    await Promise.all([state.start(), other.start()]);
    state.drafts.newTitle.value = "half a th";
    state.leave();
    other.leave();
    await next.start();
    expect(next.drafts.newTitle.value).toBe("half a th");
  });

  it("never shows what was typed to another user", async () => {
    await state.start();
    state.drafts.newTitle.value = "half a th";
    server.userId = undefined;
    await clock.advance(0.8 * LIFE_MS);
    server.userId = "user-2";
    await state.keeper.signedIn();
    expect(state.drafts.newTitle.value).toBe("");
  });

  it.each([
    ["is signed out", () => state.signOut()],
    ["has a session that ended", () => clock.advance(0.8 * LIFE_MS)],
  ])("takes away what was said to a user who %s", async (_, leave) => {
    await state.start();
    await loaded();
    await state.workspace.value?.tasks.remove([state.workspace.value.tasks.tasks.value[0]?.key ?? ""]);
    expect(state.messages.current.value?.text).toBe("Deleted “a”.");
    server.userId = undefined;
    await leave();
    expect(state.messages.current.value).toBeUndefined();
  });

  it("forgets what was typed at sign-out", async () => {
    await state.start();
    state.drafts.newTitle.value = "half a th";
    await state.signOut();
    expect(state.session.value).toEqual({ kind: "signed_out", ended: false });
    expect(state.drafts.newTitle.value).toBe("");
  });

  it("does not lose what could not be sent at sign-out, unless told so, and then keeps nothing of it", async () => {
    await state.start();
    await loaded();
    await gateway.close();
    await state.workspace.value?.tasks.add({ title: "not sent" });
    await state.signOut();
    expect(state.session.value.kind).toBe("signed_in");
    expect(items.names("todo_unsent")).toHaveLength(1);
    const { text, action } = state.messages.current.value ?? {};
    expect(text).toContain("not sent yet");
    action?.run();
    while (state.session.value.kind !== "signed_out") await settled();
    await settled();
    expect(items.names("todo_unsent")).toEqual([]);
  });

  it("waits at sign-out for what is on its way, and sends it again where that fails", async () => {
    await state.start();
    await loaded();
    gateway.planned = [{ status: 503 }];
    const added = state.workspace.value?.tasks.add({ title: "just typed" });
    await state.signOut();
    await added;
    expect(state.session.value).toEqual({ kind: "signed_out", ended: false });
    expect(gateway.tasks.map((task) => task.title)).toEqual(["a", "just typed"]);
    expect(items.names("todo_unsent")).toEqual([]);
  });

  it("keeps what is on its way when somebody else signs in, and tells them nothing of it", async () => {
    await state.start();
    await loaded();
    const { tasks } = state.workspace.value ?? {};
    const posted = () => gateway.seen.filter(({ method }) => method === "POST").length;
    let answer = () => {};
    gateway.mayAnswer = new Promise((resolve) => (answer = resolve));
    gateway.planned = [{ status: 403 }];
    const first = tasks?.add({ title: "first of a pasted list" });
    while (posted() === 0) await settled();
    server.userId = "user-2";
    await state.keeper.signedIn();
    expect(state.workspace.value?.userId).toBe("user-2");
    answer();
    await first;
    await tasks?.add({ title: "second of a pasted list" });
    expect(await tasks?.load()).toBe(false);
    expect(state.messages.current.value).toBeUndefined();
    expect(items.names("todo_unsent:user-1:")).toHaveLength(2);
    expect(posted()).toBe(1);
  });

  it("asks about one conflict after the other", async () => {
    await state.start();
    await loaded();
    const workspace = state.workspace.value;
    const [task] = workspace?.tasks.tasks.value ?? [];
    for (const description of ["one", "two"]) {
      await workspace?.tasks.edit(task?.key ?? "", { description }, { description: "seen" });
    }
    expect(workspace?.conflicts.value).toMatchObject([
      { changes: { description: "one" } },
      { changes: { description: "two" } },
    ]);
  });

  it("says that a sign-out has failed, and stays signed in", async () => {
    await state.start();
    server.reachable = false;
    await state.signOut();
    expect(state.session.value.kind).toBe("signed_in");
    expect(state.messages.current.value?.text).toContain("You are still signed in.");
  });

  it("stays signed in while offline, with the list on the screen", async () => {
    await state.start();
    await loaded();
    server.reachable = false;
    await clock.advance(2 * LIFE_MS);
    expect(state.session.value).toMatchObject({ kind: "signed_in", reachable: false });
    expect(state.workspace.value?.tasks.tasks.value).toHaveLength(1);
    server.reachable = true;
    await state.keeper.renewIfDue();
    expect(state.session.value).toMatchObject({ kind: "signed_in", reachable: true });
  });
});
