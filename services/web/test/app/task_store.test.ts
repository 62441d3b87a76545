import { beforeEach, describe, expect, it } from "vitest";
import { ApiProblem, SessionEnded, Unreachable } from "../../app/api/problem.ts";
import { KeptItems } from "../../app/kept_items.ts";
import type { Message } from "../../app/messages.ts";
import { Outbox } from "../../app/tasks/outbox.ts";
import { type Conflict, TaskStore } from "../../app/tasks/task_store.ts";
import type { Task } from "../../app/api/task_api.ts";
import { makeTask } from "../support/fake_gateway.ts";
import { type HeldCall, HeldCalls } from "../support/held_calls.ts";
import { ManualClock, settled } from "../support/manual_clock.ts";

let calls: HeldCalls;
let store: TaskStore;
let failures: string[];
let offers: Message["action"][];
let conflicts: Conflict[];
let items: KeptItems;
let clock: ManualClock;

beforeEach(() => {
  calls = new HeldCalls();
  failures = [];
  offers = [];
  conflicts = [];
  items = new KeptItems(undefined);
  clock = new ManualClock();
  store = newStore();
});

/** Another page load: the same browser, and nothing else kept. */
function newStore(): TaskStore {
  return new TaskStore({
    api: calls,
    outbox: new Outbox(items, "user-1"),
    clock,
    say: (text, action) => {
      if (!text.startsWith("Deleted")) failures.push(text);
      offers.push(action);
    },
    onConflict: (conflict) => conflicts.push(conflict),
  });
}

/** Titles as listed, completed ones in brackets. */
function listed(): string[] {
  return store.tasks.value.map((task) => (task.isCompleted ? `[${task.title}]` : task.title));
}

function keyOf(title: string): string {
  const task = store.tasks.value.find((each) => each.title === title);
  if (task === undefined) throw new Error(`${title} is not listed`);
  return task.key;
}

async function loadedWith(...titles: string[]): Promise<void> {
  calls.tasks = titles.map((title) => makeTask({ title, id: `id-${title}` }));
  calls.hold = false;
  await store.load();
  calls.hold = true;
  calls.calls.length = 0;
}

/** Whether anything is kept for another page. */
function isKept(): boolean {
  return items.names("").length > 0;
}

const away = new Unreachable("The server cannot be reached.");

function keys(): string[] {
  return store.tasks.value.map((task) => task.key);
}

describe("loading", () => {
  it("shows the server's tasks in the server's order", async () => {
    await loadedWith("a", "b", "c");
    expect(listed()).toEqual(["a", "b", "c"]);
    expect(store.loadState.value).toBe("loaded");
  });

  it("that fails says why and can be repeated", async () => {
    calls.hold = true;
    const load = store.load();
    calls.last().fail(away);
    await load;
    expect(store.loadState.value).toBe("failed");
    expect(failures).toEqual(["Your todos could not be loaded. The server cannot be reached."]);
    await loadedWith("a");
    expect(store.loadState.value).toBe("loaded");
  });

  it("leaves changes on top that are on their way", async () => {
    await loadedWith("a");
    void store.setTitle(keyOf("a"), "a2");
    void store.add({ title: "b" });
    await settled();
    calls.hold = false;
    await store.load();
    expect(listed()).toEqual(["a2", "b"]);
  });
});

describe("a load that changes overtake", () => {
  /** A load that has read the tasks given, and whose answer is on its way. */
  async function readAlready(): Promise<() => Promise<void>> {
    const read = [...calls.tasks];
    const load = store.load();
    const list = calls.last();
    return async () => {
      list.succeed(read);
      await load;
      await settled();
    };
  }

  it("keeps a task that was made meanwhile, and what is being changed about it", async () => {
    await loadedWith();
    const arrives = await readAlready();
    const made = makeTask({ id: "id-a", title: "a" });
    calls.hold = false;
    calls.tasks = [made];
    await store.add({ title: "a" });
    calls.hold = true;
    void store.setCompleted(keyOf("a"), true);
    await settled();
    const update = calls.last();
    await arrives();
    expect(listed()).toEqual(["[a]"]);
    expect(update.name).toBe("update");
    update.succeed({ ...made, is_completed: true, updated_at: "2100-01-01T00:00:00Z", etag: "2" });
    await settled();
    expect(listed()).toEqual(["[a]"]);
  });

  it("keeps a task that another device has made meanwhile", async () => {
    await loadedWith("a");
    const arrives = await readAlready();
    store.apply(makeTask({ id: "id-b", title: "b" }));
    await arrives();
    expect(listed()).toEqual(["a", "b"]);
  });

  it("does not bring back a task that was found to be gone meanwhile", async () => {
    await loadedWith("a");
    const arrives = await readAlready();
    void store.setCompleted(keyOf("a"), true);
    await settled();
    calls.last().fail(new ApiProblem(404, "TASK_NOT_FOUND", "There is no such task."));
    await settled();
    await arrives();
    expect(listed()).toEqual([]);
  });

  it("drops what it does not name, where nothing else is known of it", async () => {
    await loadedWith("a", "b");
    calls.tasks = calls.tasks.slice(1);
    await (
      await readAlready()
    )();
    expect(listed()).toEqual(["b"]);
  });

  it("knows less than one that began after it and was answered before it", async () => {
    await loadedWith("a", "b");
    const arrives = await readAlready();
    const second = store.load();
    calls.last().succeed([makeTask({ title: "a", id: "id-a" }), makeTask({ title: "c", id: "id-c" })]);
    await second;
    await arrives();
    expect(listed()).toEqual(["a", "c"]);
  });
});

describe("adding", () => {
  it("shows the task at once, last, and keeps its key when it gets its id", async () => {
    await loadedWith("a");
    const added = store.add({ title: "  b " });
    expect(listed()).toEqual(["a", "b"]);
    const key = keyOf("b");
    await settled();
    calls.last().succeed(makeTask({ id: "id-b", title: "b" }));
    expect(await added).toBe(true);
    expect(keyOf("b")).toBe(key);
  });

  it("takes the task away again and says why when the server refuses", async () => {
    await loadedWith("a");
    const added = store.add({ title: "b" });
    await settled();
    calls.last().fail(new ApiProblem(422, "VALIDATION_ERROR", "The title is too long."));
    expect(await added).toBe(false);
    expect(listed()).toEqual(["a"]);
    expect(failures).toEqual(["“b” was not added. The title is too long."]);
  });

  it("of nothing does nothing", async () => {
    await loadedWith();
    await store.add({ title: "   " });
    expect(calls.calls).toEqual([]);
  });

  it("lists a task once when a load has overtaken the answer", async () => {
    await loadedWith();
    const added = store.add({ title: "a" });
    await settled();
    const create = calls.last();
    calls.tasks = [makeTask({ id: "id-a", title: "a" })];
    calls.hold = false;
    await store.load();
    expect(listed()).toEqual(["a"]);
    create.succeed(calls.tasks[0]);
    await added;
    expect(listed()).toEqual(["a"]);
  });

  describe("a task that was renamed elsewhere before the answer came", () => {
    const made = makeTask({ id: "id-a", title: "a" });
    const renamed = { ...made, title: "renamed", etag: "2", updated_at: "2030-01-02T00:00:00Z" };

    /** The call by which it was completed, under the key that it had before the answer. */
    async function joined(): Promise<HeldCall> {
      await loadedWith();
      void store.add({ title: "a" });
      await settled();
      const create = calls.last();
      store.apply(renamed);
      void store.setCompleted(keyOf("renamed"), true);
      await settled();
      create.succeed(made);
      await settled();
      expect(listed()).toEqual(["[renamed]"]);
      return calls.last();
    }

    it("is listed once, and loses no change", async () => {
      const completion = await joined();
      completion.fail(new ApiProblem(422, "VALIDATION_ERROR", "No."));
      await settled();
      expect(listed()).toEqual(["renamed"]);
    });

    it("can be changed when it comes back after it was gone", async () => {
      const completion = await joined();
      completion.fail(new ApiProblem(404, "TASK_NOT_FOUND", "There is no such task."));
      await settled();
      expect(listed()).toEqual([]);
      store.apply(renamed);
      void store.setCompleted(keyOf("renamed"), true);
      expect(listed()).toEqual(["[renamed]"]);
    });
  });
});

describe("a task that a live update brings before the answer to its creation", () => {
  const made = makeTask({ id: "id-a", title: "a" });

  async function overtaken(): Promise<HeldCall> {
    await loadedWith();
    void store.add({ title: "a" });
    await settled();
    store.apply(made);
    expect(listed()).toEqual(["a"]);
    return calls.last();
  }

  it("is never listed twice", async () => {
    (await overtaken()).succeed(made);
    await settled();
    expect(listed()).toEqual(["a"]);
    expect(store.tasks.value[0]?.confirmed?.id).toBe("id-a");
  });

  it("is not the one that was being made, where that was refused", async () => {
    (await overtaken()).fail(new ApiProblem(422, "VALIDATION_ERROR", "No."));
    await settled();
    expect(store.tasks.value[0]?.confirmed?.id).toBe("id-a");
  });

  it("stays where the creation is given up", async () => {
    (await overtaken()).fail(away);
    await settled();
    expect(listed()).toEqual(["a"]);
    store.discard(keyOf("a"));
    expect(store.tasks.value[0]?.confirmed?.id).toBe("id-a");
  });
});

describe("changing", () => {
  it("shows at once and sends only what changed", async () => {
    await loadedWith("a");
    void store.setCompleted(keyOf("a"), true);
    expect(listed()).toEqual(["[a]"]);
    await settled();
    expect(calls.last().args.slice(0, 2)).toEqual(["id-a", { is_completed: true }]);
  });

  it("sends nothing when nothing changed", async () => {
    await loadedWith("a");
    await store.setTitle(keyOf("a"), " a ");
    await store.setCompleted(keyOf("a"), false);
    expect(calls.calls).toEqual([]);
  });

  it("puts back only what was refused", async () => {
    await loadedWith("a");
    const key = keyOf("a");
    const rename = store.setTitle(key, "a2");
    const complete = store.setCompleted(key, true);
    expect(listed()).toEqual(["[a2]"]);
    await settled();
    calls.last().fail(new ApiProblem(422, "VALIDATION_ERROR", "No."));
    await rename;
    expect(listed()).toEqual(["[a]"]);
    expect(failures).toEqual(["“a” was not changed. No."]);
    await settled();
    calls.last().succeed();
    await complete;
    expect(listed()).toEqual(["[a]"]);
  });

  it("sends the changes of one task one after the other", async () => {
    await loadedWith("a");
    const key = keyOf("a");
    void store.setCompleted(key, true);
    void store.setCompleted(key, false);
    await settled();
    expect(calls.calls).toHaveLength(1);
    calls.last().succeed();
    await settled();
    expect(calls.last().args.slice(0, 2)).toEqual(["id-a", { is_completed: false }]);
    expect(listed()).toEqual(["a"]);
  });

  it("waits for the id of a task that is being made", async () => {
    await loadedWith();
    void store.add({ title: "a" });
    void store.setCompleted(keyOf("a"), true);
    expect(listed()).toEqual(["[a]"]);
    await settled();
    calls.last().succeed(makeTask({ id: "id-a", title: "a" }));
    await settled();
    expect(calls.last().args.slice(0, 2)).toEqual(["id-a", { is_completed: true }]);
  });

  it("of a task that was refused is not sent, and said once", async () => {
    await loadedWith();
    void store.add({ title: "a" });
    const completing = store.setCompleted(keyOf("a"), true);
    await settled();
    calls.last().fail(new ApiProblem(422, "VALIDATION_ERROR", "No."));
    await completing;
    expect(calls.calls).toHaveLength(1);
    expect(failures).toHaveLength(1);
  });

  it("can be tried again, with the key that it was first sent with", async () => {
    await loadedWith("a");
    const completing = store.setCompleted(keyOf("a"), true);
    await settled();
    const first = calls.last();
    first.fail(away);
    await completing;
    offers.at(-1)?.run();
    await settled();
    expect(calls.last().args).toEqual(first.args);
    expect(listed()).toEqual(["[a]"]);
  });

  it("of a task that is gone takes it off the list and says so", async () => {
    await loadedWith("a", "b");
    const change = store.setCompleted(keyOf("a"), true);
    await settled();
    calls.last().fail(new ApiProblem(404, "NOT_FOUND", "No such task."));
    await change;
    expect(listed()).toEqual(["b"]);
    expect(failures).toEqual(["“a” was not changed. It was deleted elsewhere."]);
  });
});

describe("deleting", () => {
  it("hides the task at once and brings it back to its place when refused", async () => {
    await loadedWith("a", "b", "c");
    const removal = store.remove([keyOf("b")]);
    expect(listed()).toEqual(["a", "c"]);
    await settled();
    calls.last().fail(away);
    await removal;
    expect(listed()).toEqual(["a", "b", "c"]);
    expect(failures).toEqual(["“b” was not deleted. The server cannot be reached."]);
  });

  it("can be undone", async () => {
    await loadedWith("a", "b");
    calls.hold = false;
    await store.remove([keyOf("a")]);
    expect(store.trash.value.map((task) => task.title)).toEqual(["a"]);
    offers.at(-1)?.run();
    await settled();
    expect(calls.last()).toMatchObject({ name: "undelete", args: ["id-a"] });
    expect(listed()).toEqual(["a", "b"]);
  });

  it("of a task that is gone already is fine", async () => {
    await loadedWith("a");
    const removal = store.remove([keyOf("a")]);
    await settled();
    calls.last().fail(new ApiProblem(404, "NOT_FOUND", "No such task."));
    await removal;
    expect(listed()).toEqual([]);
    expect(failures).toEqual([]);
  });

  it("is what an empty title means", async () => {
    await loadedWith("a");
    void store.setTitle(keyOf("a"), "  ");
    await settled();
    expect(calls.last()).toMatchObject({ name: "remove", args: ["id-a"] });
  });
});

describe("what cannot be sent", () => {
  async function unsent(title: string): Promise<HeldCall> {
    calls.hold = true;
    const added = store.add({ title });
    await settled();
    const call = calls.last();
    call.fail(away);
    expect(await added).toBe(true);
    return call;
  }

  it("stays on the list, and is sent again with the same key", async () => {
    await loadedWith("a");
    const first = await unsent("b");
    expect(store.tasks.value.map(({ title, isUnsent }) => [title, isUnsent])).toEqual([
      ["a", false],
      ["b", true],
    ]);
    const again = store.sendUnsent();
    await settled();
    expect(calls.last().args).toEqual(first.args);
    // As long as nobody has answered, it is shown as what it is.
    expect(store.tasks.value.at(-1)?.isUnsent).toBe(true);
    calls.last().succeed(makeTask({ id: "id-b", title: "b" }));
    await again;
    expect(store.tasks.value.some((task) => task.isUnsent)).toBe(false);
  });

  it("outlives the page, and is sent when the tasks have been read", async () => {
    const first = await unsent("b");
    store = newStore();
    expect(listed()).toEqual(["b"]);
    calls.hold = false;
    await store.load();
    expect(calls.last().args).toEqual(first.args);
    expect(newStore().tasks.value).toEqual([]);
  });

  it("gets a new key once the server has forgotten the old one", async () => {
    const first = await unsent("b");
    await clock.advance(24 * 3600 * 1000);
    store = newStore();
    calls.hold = false;
    await store.load();
    expect(calls.last().args[0]).toEqual(first.args[0]);
    expect(calls.last().args[1]).not.toEqual(first.args[1]);
  });

  it("can be given up, and then is gone for good", async () => {
    await unsent("b");
    await store.remove([keyOf("b")]);
    expect(listed()).toEqual([]);
    expect(newStore().tasks.value).toEqual([]);
  });

  it.each([
    new SessionEnded("Your session has ended."),
    new ApiProblem(401, "INVALID_TOKEN_SIGNATURE", "The token is not believed."),
    new ApiProblem(408, "REQUEST_TIMEOUT", "Too slow."),
    new ApiProblem(429, "RATE_LIMITED", "Too many."),
  ])("is kept wherever nobody has decided about it: %s", async (error) => {
    await loadedWith();
    const added = store.add({ title: "b" });
    await settled();
    calls.last().fail(error);
    expect(await added).toBe(true);
    expect(newStore().tasks.value.map(({ title }) => title)).toEqual(["b"]);
  });

  it("stays with what the server says against it later, holds nothing up, and is not sent again unasked", async () => {
    await unsent("b");
    await unsent("c");
    failures.length = 0;
    const sending = store.sendUnsent();
    await settled();
    calls.last().fail(new ApiProblem(422, "VALIDATION_ERROR", "There is no such list."));
    await settled();
    expect(calls.last().args).toMatchObject([{ title: "c" }, {}]);
    calls.last().succeed();
    await sending;
    expect(failures).toEqual(["“b” was not added. There is no such list."]);
    expect(store.tasks.value.map(({ title, isUnsent }) => [title, isUnsent])).toContainEqual(["b", true]);
    const made = calls.calls.length;
    await store.sendUnsent();
    expect(calls.calls).toHaveLength(made);
    expect(newStore().tasks.value.map(({ title }) => title)).toEqual(["b"]);
    calls.hold = false;
    await store.sendAgain(keyOf("b"));
    expect(newStore().tasks.value).toEqual([]);
  });

  it("and is refused after all hides none that has the same title", async () => {
    await unsent("b");
    calls.tasks = [makeTask({ id: "id-b", title: "b" })];
    store = newStore();
    const load = store.load();
    calls.last().succeed();
    await settled();
    calls.last().fail(new ApiProblem(422, "VALIDATION_ERROR", "No."));
    await load;
    const both = [
      ["b", undefined],
      ["b", "id-b"],
    ];
    const shown = () => store.tasks.value.map(({ title, confirmed }) => [title, confirmed?.id]);
    expect(shown()).toEqual(both);
    calls.hold = false;
    await store.load();
    expect(shown()).toEqual(both.toReversed());
  });

  it("and was deleted before that was known is made and deleted, since it may be there", async () => {
    await loadedWith();
    void store.add({ title: "b" });
    void store.remove([keyOf("b")]);
    await settled();
    calls.last().fail(away);
    await settled();
    expect(listed()).toEqual([]);
    calls.hold = false;
    await store.sendUnsent();
    expect(calls.calls.map(({ name }) => name)).toEqual(["create", "create", "remove"]);
    expect(listed()).toEqual([]);
    expect(newStore().tasks.value).toEqual([]);
  });

  it("is sent in the order in which it was made, however often that is asked for", async () => {
    await unsent("b");
    await unsent("c");
    calls.calls.length = 0;
    const sending = Promise.all([store.sendUnsent(), store.sendUnsent()]);
    await settled();
    expect(calls.calls).toHaveLength(1);
    calls.hold = false;
    calls.last().succeed();
    await sending;
    expect(calls.calls.map(({ args }) => args[0])).toEqual([{ title: "b" }, { title: "c" }]);
  });

  it("is not kept when the server has refused it", async () => {
    const added = store.add({ title: "b" });
    await settled();
    calls.last().fail(new ApiProblem(422, "VALIDATION_ERROR", "No."));
    await added;
    expect(newStore().tasks.value).toEqual([]);
  });
});

describe("an edit that cannot be sent", () => {
  async function unsentEdit(): Promise<void> {
    await loadedWith("a", "b");
    const edited = store.edit(keyOf("a"), { title: "mine" }, { title: "a" });
    await settled();
    calls.last().fail(away);
    await edited;
  }
  const shown = () => store.tasks.value.map(({ title, isUnsent }) => [title, isUnsent]);

  it("stays, and is sent again", async () => {
    await unsentEdit();
    expect(shown()).toEqual([
      ["mine", true],
      ["b", false],
    ]);
    expect(failures).toEqual(["Not sent yet. The server cannot be reached."]);
    calls.hold = false;
    await store.sendUnsent();
    expect(calls.last()).toMatchObject({ name: "update", args: ["id-a", { title: "mine" }, {}] });
    expect(shown()).toEqual([
      ["mine", false],
      ["b", false],
    ]);
  });

  it("outlives the page, and is sent when the tasks have been read", async () => {
    await unsentEdit();
    store = newStore();
    calls.hold = false;
    await store.load();
    expect(calls.last()).toMatchObject({ name: "update", args: ["id-a", { title: "mine" }, {}] });
    expect(listed()).toEqual(["mine", "b"]);
    store = newStore();
    await store.load();
    expect(calls.last().name).toBe("list");
  });

  it("goes out before what is changed after it", async () => {
    await unsentEdit();
    calls.hold = false;
    calls.calls.length = 0;
    await store.edit(keyOf("mine"), { description: "more" }, { description: null });
    expect(calls.calls.map((call) => call.args[1])).toEqual([{ title: "mine" }, { description: "more" }]);
    expect(store.tasks.value.some((task) => task.isUnsent)).toBe(false);
  });

  it("can be taken back, and then is gone for good", async () => {
    await unsentEdit();
    store.discard(keyOf("mine"));
    expect(shown()[0]).toEqual(["a", false]);
    store = newStore();
    calls.hold = false;
    await store.load();
    expect(calls.last().name).toBe("list");
  });

  it("holds back the next one of the same field, so that the two do not meet", async () => {
    await loadedWith("a");
    const key = keyOf("a");
    void store.setTitle(key, "b");
    const second = store.setTitle(key, "c");
    await settled();
    calls.last().fail(away);
    expect(await second).toBe(true);
    expect(calls.calls).toHaveLength(1);
    calls.hold = false;
    await store.sendUnsent();
    expect(conflicts).toEqual([]);
    expect(calls.calls.slice(1).map(({ args }) => args[1])).toEqual([{ title: "b" }, { title: "c" }]);
    expect(isKept()).toBe(false);
  });

  describe("of a task that is being made", () => {
    async function unsentWithTask(): Promise<void> {
      await loadedWith();
      void store.add({ title: "a" });
      void store.edit(keyOf("a"), { description: "more" }, { description: null });
      await settled();
      calls.last().fail(away);
      await settled();
      calls.hold = false;
    }

    async function expectBothSent(): Promise<void> {
      store = newStore();
      await store.load();
      expect(calls.calls.slice(-2)).toMatchObject([
        { name: "create", args: [{ title: "a" }, {}] },
        { name: "update", args: [{}, { description: "more" }, {}] },
      ]);
      expect(isKept()).toBe(false);
    }

    it("outlives the page with it", async () => {
      await unsentWithTask();
      await expectBothSent();
    });

    it("follows it to a new key", async () => {
      await unsentWithTask();
      await clock.advance(24 * 3600 * 1000);
      await expectBothSent();
    });

    it("is left to others by a tab that does not know of the task", async () => {
      const other = newStore();
      await unsentWithTask();
      failures.length = 0;
      await other.load();
      expect(failures).toEqual([]);
      await expectBothSent();
    });
  });

  it("stays marked though another change went through after it", async () => {
    await loadedWith("a");
    const key = keyOf("a");
    void store.setTitle(key, "mine");
    void store.setCompleted(key, true);
    await settled();
    calls.last().fail(away);
    await settled();
    calls.last().succeed();
    await settled();
    expect(shown()).toEqual([["mine", true]]);
    calls.hold = false;
    await store.sendUnsent();
    expect(calls.last().args[1]).toEqual({ title: "mine" });
  });

  it("of a task that was deleted meanwhile is given up, and that is said", async () => {
    await unsentEdit();
    calls.tasks = [];
    calls.hold = false;
    failures.length = 0;
    await newStore().load();
    expect(failures).toEqual(["A change that was not sent yet was given up. Its todo was deleted meanwhile."]);
    await newStore().load();
    expect(failures).toHaveLength(1);
  });

  it.each([
    ["was kept", true],
    ["is on its way", false],
  ])(
    "of a task that a load finds gone, while it %s, is answered for, and so is what waits behind it",
    async (_, isUnsent) => {
      await loadedWith("a", "b");
      void store.setTitle(keyOf("a"), "mine");
      void store.edit(keyOf("mine"), { description: "more" }, { description: null });
      await settled();
      if (isUnsent) {
        calls.last().fail(away);
        await settled();
      }
      calls.tasks = calls.tasks.slice(1);
      const load = store.load();
      calls.last().succeed();
      await settled();
      expect(listed()).toContain("mine");
      failures.length = 0;
      const update = calls.calls.findLast(({ name }) => name === "update");
      update?.fail(new ApiProblem(404, "TASK_NOT_FOUND", "There is no such task."));
      await load;
      await settled();
      expect(listed()).toEqual(["b"]);
      expect(failures).toEqual(["“a” was not changed. It was deleted elsewhere."]);
      expect(isKept()).toBe(false);
      expect(await store.sendAll()).toBe(true);
    },
  );

  it("goes with its task into the trash", async () => {
    await loadedWith("a");
    const key = keyOf("a");
    void store.setTitle(key, "mine");
    void store.remove([key]);
    await settled();
    calls.last().fail(away);
    await settled();
    calls.last().succeed();
    await settled();
    expect(isKept()).toBe(false);
    expect(await store.sendAll()).toBe(true);
  });

  it("is kept over the page until the user has said whose is to stay", async () => {
    await unsentEdit();
    const theirs = makeTask({ id: "id-a", title: "theirs", updated_at: "2030-01-02T00:00:00Z" });
    calls.tasks = [theirs];
    calls.hold = false;
    store = newStore();
    await store.load();
    store = newStore();
    await store.load();
    expect(conflicts).toMatchObject([{ current: { title: "theirs" } }, { current: { title: "theirs" } }]);
    for (const keeps of ["mine", "theirs"] as const) {
      const conflict = conflicts.pop();
      if (conflict === undefined) throw new Error("nothing was asked");
      store.decide(conflict, keeps);
      await settled();
    }
    expect(calls.last()).toMatchObject({ name: "update", args: ["id-a", { title: "mine" }, { etag: theirs.etag }] });
    expect(isKept()).toBe(false);
  });

  it("asks whose is to stay where that has changed meanwhile", async () => {
    await unsentEdit();
    store.apply(makeTask({ id: "id-a", title: "theirs", updated_at: "2030-01-02T00:00:00Z" }));
    await store.sendUnsent();
    expect(conflicts).toMatchObject([{ changes: { title: "mine" }, current: { title: "theirs" } }]);
    expect(listed()).toEqual(["theirs", "b"]);
  });
});

describe("an edit of what has changed elsewhere", () => {
  const stale = new ApiProblem(412, "PRECONDITION_FAILED", "It has changed.");
  const seen = { title: "a" };

  async function edited(current: Partial<Task>): Promise<void> {
    await loadedWith("a");
    calls.tasks = [makeTask({ id: "id-a", title: "a", updated_at: "2030-01-02T00:00:00Z", ...current })];
    void store.edit(keyOf("a"), { title: "mine" }, seen);
    await settled();
    calls.last().fail(stale);
    await settled();
    expect(calls.last()).toMatchObject({ name: "get", args: ["id-a"] });
    calls.last().succeed();
    await settled();
  }

  it("asks whose is to stay, and shows the other until that is said", async () => {
    await edited({ title: "theirs", etag: "e2" });
    expect(conflicts).toMatchObject([{ changes: { title: "mine" }, current: { title: "theirs" } }]);
    expect(listed()).toEqual(["theirs"]);
  });

  it("is sent again, against the new state, where only another field has changed", async () => {
    await edited({ is_completed: true, etag: "e2" });
    expect(calls.last()).toMatchObject({ name: "update", args: ["id-a", { title: "mine" }, { etag: "e2" }] });
    expect(conflicts).toEqual([]);
  });

  it("is not sent at all where the change from elsewhere has arrived before", async () => {
    await loadedWith("a");
    store.apply(makeTask({ id: "id-a", title: "theirs", updated_at: "2030-01-02T00:00:00Z" }));
    await store.edit(keyOf("theirs"), { title: "mine" }, seen);
    expect(calls.calls).toEqual([]);
    expect(conflicts).toHaveLength(1);
  });
});

describe("live updates", () => {
  it("add, change, move to the trash, and leave older states aside", async () => {
    await loadedWith("a");
    const at = (second: number) => `2030-01-02T00:00:0${second}Z`;
    store.apply(makeTask({ id: "id-b", title: "b" }));
    store.apply(makeTask({ id: "id-a", title: "a2", updated_at: at(2) }));
    store.apply(makeTask({ id: "id-a", title: "a1", updated_at: at(1) }));
    expect(listed()).toEqual(["a2", "b"]);
    store.apply(makeTask({ id: "id-b", title: "b", updated_at: at(3), deleted_at: at(3) }));
    expect(listed()).toEqual(["a2"]);
    expect(store.trash.value.map((task) => task.title)).toEqual(["b"]);
  });

  it("are told by parts of a second, however many digits they have", async () => {
    await loadedWith("a");
    store.apply(makeTask({ id: "id-a", title: "new", updated_at: "2030-01-02T00:00:00.12Z" }));
    store.apply(makeTask({ id: "id-a", title: "old", updated_at: "2030-01-02T00:00:00.119999Z" }));
    expect(listed()).toEqual(["new"]);
  });
});

describe("the order by hand", () => {
  it("is that of the positions; what has none yet comes last", async () => {
    calls.tasks = [makeTask({ title: "c", position: "a2" }), makeTask({ title: "a", position: "Zz" })];
    await store.load();
    calls.hold = true;
    void store.add({ title: "new" });
    expect(listed()).toEqual(["a", "c", "new"]);
  });

  it("waits for the place of a neighbour that is being made", async () => {
    await loadedWith();
    void store.add({ title: "one" });
    void store.add({ title: "two" });
    await settled();
    const [one, two] = store.tasks.value;
    void store.move(two?.key ?? "", undefined, one);
    await settled();
    calls.calls[0]?.succeed(makeTask({ id: "id-1", title: "one", position: "a0" }));
    calls.calls[1]?.succeed(makeTask({ id: "id-2", title: "two", position: "a1" }));
    await settled();
    expect(calls.last().args.slice(0, 2)).toEqual(["id-2", { position: "Zz" }]);
    expect(listed()).toEqual(["two", "one"]);
  });

  it("is changed by a position between the neighbours", async () => {
    calls.tasks = ["a0", "a1", "a2"].map((position) => makeTask({ id: position, title: position, position }));
    await store.load();
    const [first, second, third] = store.tasks.value;
    void store.move(third?.key ?? "", first, second);
    await settled();
    expect(listed()).toEqual(["a0", "a2", "a1"]);
    await settled();
    expect(calls.last().args.slice(0, 2)).toEqual(["a2", { position: "a0V" }]);
  });
});

describe("all at once", () => {
  it("completes only what is not completed, few calls at a time", async () => {
    await loadedWith(..."abcdefgh".split(""));
    calls.hold = false;
    await store.setCompleted(keyOf("a"), true);
    calls.hold = true;
    calls.calls.length = 0;
    const all = store.setAllCompleted(keys(), true);
    await settled();
    expect(calls.calls).toHaveLength(4);
    for (let next = 0; next < 7; next += 1) {
      calls.calls[next]?.succeed();
      await settled();
    }
    await all;
    expect(store.tasks.value.every((task) => task.isCompleted)).toBe(true);
    expect(calls.calls).toHaveLength(7);
  });

  it("deletes several, and undoes that in one go", async () => {
    await loadedWith("a", "b", "c");
    calls.hold = false;
    await store.remove([keyOf("a"), keyOf("c")]);
    expect(listed()).toEqual(["b"]);
    offers.at(-1)?.run();
    await settled();
    expect(listed()).toEqual(["a", "b", "c"]);
  });
});
