import { expect, it } from "vitest";
import type { TaskList } from "../../app/api/list_api.ts";
import { type ListCalls, ListStore } from "../../app/lists/list_store.ts";

function makeList(name: string): TaskList {
  return { id: `id-${name}`, user_id: "user-1", name, position: name, etag: "1", deleted_at: null };
}

/** The lists are read when the test says so; every change succeeds at once. */
class Calls implements ListCalls {
  answer: (lists: TaskList[]) => void = () => {};
  all = () => new Promise<TaskList[]>((resolve) => (this.answer = resolve));
  create = (name: string) => Promise.resolve(makeList(name));
  rename = (id: string, name: string) => Promise.resolve({ ...makeList(name), id });
  remove = () => Promise.resolve();
}

it("a load keeps what was added, renamed and removed while it was under way", async () => {
  const calls = new Calls();
  const store = new ListStore(calls, (text) => expect.fail(text));
  const [a, b, c] = [makeList("a"), makeList("b"), makeList("c")];
  const first = store.load();
  calls.answer([a, b, c]);
  await first;
  const second = store.load();
  await store.add("d");
  await store.rename(a, "a2");
  await store.remove(b);
  calls.answer([a, b, c]);
  await second;
  expect(store.lists.value.map(({ name }) => name)).toEqual(["a2", "c", "d"]);
});

it("a load knows less than one that began after it and was answered before it", async () => {
  const calls = new Calls();
  const store = new ListStore(calls, (text) => expect.fail(text));
  const first = store.load();
  const answerFirst = calls.answer;
  const second = store.load();
  calls.answer([makeList("a"), makeList("b")]);
  await second;
  answerFirst([makeList("a")]);
  await first;
  expect(store.lists.value.map(({ name }) => name)).toEqual(["a", "b"]);
});
