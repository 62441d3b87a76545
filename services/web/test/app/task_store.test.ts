import { beforeEach, describe, expect, it } from "vitest";
import { ApiProblem, Unreachable } from "../../app/api/problem.ts";
import { TaskStore } from "../../app/tasks/task_store.ts";
import { makeTask } from "../support/fake_gateway.ts";
import { HeldCalls } from "../support/held_calls.ts";
import { settled } from "../support/manual_clock.ts";

let calls: HeldCalls;
let store: TaskStore;
let failures: string[];

beforeEach(() => {
  calls = new HeldCalls();
  failures = [];
  store = new TaskStore({ api: calls, onFailure: (message) => failures.push(message) });
});

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

const away = new Unreachable("The server cannot be reached.");

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
    void store.add("b");
    await settled();
    calls.hold = false;
    await store.load();
    expect(listed()).toEqual(["a2", "b"]);
  });
});

describe("adding", () => {
  it("shows the task at once, last, and keeps its key when it gets its id", async () => {
    await loadedWith("a");
    const added = store.add("  b ");
    expect(listed()).toEqual(["a", "b"]);
    const key = keyOf("b");
    await settled();
    calls.last().succeed(makeTask({ id: "id-b", title: "b" }));
    expect(await added).toBe(true);
    expect(keyOf("b")).toBe(key);
  });

  it("takes the task away again and says why when the server refuses", async () => {
    await loadedWith("a");
    const added = store.add("b");
    await settled();
    calls.last().fail(new ApiProblem(422, "VALIDATION_ERROR", "The title is too long."));
    expect(await added).toBe(false);
    expect(listed()).toEqual(["a"]);
    expect(failures).toEqual(["“b” was not added. The title is too long."]);
  });

  it("of nothing does nothing", async () => {
    await loadedWith();
    await store.add("   ");
    expect(calls.calls).toEqual([]);
  });

  it("lists a task once when a load has overtaken the answer", async () => {
    await loadedWith();
    const added = store.add("a");
    await settled();
    const create = calls.last();
    calls.tasks = [makeTask({ id: "id-a", title: "a" })];
    calls.hold = false;
    await store.load();
    create.succeed(calls.tasks[0]);
    await added;
    expect(listed()).toEqual(["a"]);
  });
});

describe("changing", () => {
  it("shows at once and sends only what changed", async () => {
    await loadedWith("a");
    void store.setCompleted(keyOf("a"), true);
    expect(listed()).toEqual(["[a]"]);
    await settled();
    expect(calls.last()).toMatchObject({ name: "update", args: ["id-a", { is_completed: true }] });
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
    calls.last().fail(away);
    await rename;
    expect(listed()).toEqual(["[a]"]);
    expect(failures).toEqual(["“a” was not renamed. The server cannot be reached."]);
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
    expect(calls.last().args).toEqual(["id-a", { is_completed: false }]);
    expect(listed()).toEqual(["a"]);
  });

  it("waits for the id of a task that is being made", async () => {
    await loadedWith();
    void store.add("a");
    void store.setCompleted(keyOf("a"), true);
    expect(listed()).toEqual(["[a]"]);
    await settled();
    calls.last().succeed(makeTask({ id: "id-a", title: "a" }));
    await settled();
    expect(calls.last()).toMatchObject({ name: "update", args: ["id-a", { is_completed: true }] });
  });

  it("of a task that could not be made is not sent, and said once", async () => {
    await loadedWith();
    void store.add("a");
    const completing = store.setCompleted(keyOf("a"), true);
    await settled();
    calls.last().fail(away);
    await completing;
    expect(calls.calls).toHaveLength(1);
    expect(failures).toHaveLength(1);
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
    const removal = store.remove(keyOf("b"));
    expect(listed()).toEqual(["a", "c"]);
    await settled();
    calls.last().fail(away);
    await removal;
    expect(listed()).toEqual(["a", "b", "c"]);
    expect(failures).toEqual(["“b” was not deleted. The server cannot be reached."]);
  });

  it("of a task that is gone already is fine", async () => {
    await loadedWith("a");
    const removal = store.remove(keyOf("a"));
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

describe("all at once", () => {
  it("completes only what is not completed, few calls at a time", async () => {
    await loadedWith(..."abcdefgh".split(""));
    calls.hold = false;
    await store.setCompleted(keyOf("a"), true);
    calls.hold = true;
    calls.calls.length = 0;
    const all = store.setAllCompleted(true);
    await settled();
    expect(calls.calls).toHaveLength(4);
    for (let next = 0; next < 7; next += 1) {
      calls.calls[next]?.succeed();
      await settled();
    }
    await all;
    expect(store.activeCount.value).toBe(0);
    expect(calls.calls).toHaveLength(7);
  });

  it("clears what is completed", async () => {
    await loadedWith("a", "b", "c");
    calls.hold = false;
    await store.setCompleted(keyOf("a"), true);
    await store.setCompleted(keyOf("c"), true);
    expect(store.completedCount.value).toBe(2);
    await store.clearCompleted();
    expect(listed()).toEqual(["b"]);
  });
});
