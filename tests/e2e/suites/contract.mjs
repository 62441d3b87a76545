// What the API promises, method by method: the same over HTTP and over gRPC.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { before, describe, test } from "node:test";
import { METHODS } from "../support/todo_api.mjs";

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/;
const NOBODYS = "0190b1a8-6f5e-7cc3-9d0a-000000000000";

/** `findServices` gives the running services, `issuer` signs tokens, `way` is overHttp or overGrpc. */
export function contractSuite(findServices, findIssuer, way) {
  let services, issuer, ada;

  before(() => {
    services = findServices();
    issuer = findIssuer();
    ada = newUser("ada");
  });

  /** Somebody new, under a name that needs escaping in a path. */
  function newUser(name = "bob") {
    const id = `${name}/é ${randomUUID()}`;
    return { id, token: issuer.token({ sub: id, name, email: `${name}@example.com` }) };
  }
  const call = (user, method, parts) => way.call(services, user, method, parts);

  async function ok(user, method, parts) {
    const answer = await call(user, method, parts);
    assert.equal(answer.status, METHODS[method].status ?? 200, `${method}: ${JSON.stringify(answer)}`);
    return answer.content;
  }

  async function fails(user, method, parts, status, code, fields = []) {
    const answer = await call(user, method, parts);
    assert.deepEqual([answer.status, answer.code, answer.fields], [status, code, fields], `${method} ${JSON.stringify(parts)}`);
  }
  const isInvalid = (user, method, parts, ...fields) => fails(user, method, parts, 422, "VALIDATION_ERROR", fields);

  const create = (user, content) => ok(user, "createTask", { content: { title: "Buy milk", ...content } });
  const at = (task) => ({ path: { task_id: task.id } });

  /** A call of each method that would be fine for its owner. */
  const calls = () =>
    Object.keys(METHODS)
      .filter((method) => !METHODS[method].streams)
      .map((method) => {
        const path = { task_id: NOBODYS, list_id: NOBODYS, tag: "home" };
        const named = METHODS[method].http[1].match(/\{(\w+)\}/g) ?? [];
        const contents = {
          createTask: { title: "x" }, replaceTask: { title: "x", is_completed: true }, updateTask: { title: "x" },
          batchCreateTasks: { tasks: [{ title: "x" }] }, batchUpdateTasks: { updates: [{ task_id: NOBODYS, task: { title: "x" } }] },
          batchDeleteTasks: { deletions: [{ task_id: NOBODYS }] }, importTasks: { tasks: [{ title: "x" }] },
          createTaskList: { name: "x" }, updateTaskList: { name: "x" },
        };
        return [method, { path: Object.fromEntries(named.map((name) => [name.slice(1, -1), path[name.slice(1, -1)]])), content: contents[method] }];
      });

  describe("every method", () => {
    test("is 401 without a token, and with a bad one", async () => {
      for (const [method, parts] of calls()) {
        await fails({ id: ada.id }, method, parts, 401, "MISSING_TOKEN");
        await fails({ id: ada.id, token: issuer.forgedToken() }, method, parts, 401, "INVALID_TOKEN_SIGNATURE");
      }
    });

    test("is 403 for another user, whether there is one or not", async () => {
      const bob = newUser();
      await create(bob);
      for (const [method, parts] of calls()) {
        if (/Me$/.test(method)) continue;
        for (const path of [bob.id, "nobody"]) await fails({ ...ada, path }, method, parts, 403, "FORBIDDEN_USER_ACCESS");
      }
    });

    test("that names a task or a list is 404 where it is another user's, and 422 where it is no id", async () => {
      const bob = newUser();
      const [task, list] = [await create(bob), await ok(bob, "createTaskList", { content: { name: "Home" } })];
      for (const [method, parts] of calls()) {
        if (parts.path.task_id) await fails(ada, method, { ...parts, path: { task_id: task.id } }, 404, "NOT_FOUND");
        if (parts.path.task_id) await isInvalid(ada, method, { ...parts, path: { task_id: "1" } }, "task_id");
        if (parts.path.list_id) await fails(ada, method, { ...parts, path: { list_id: list.id } }, 404, "NOT_FOUND");
        if (parts.path.list_id) await isInvalid(ada, method, { ...parts, path: { list_id: "1" } }, "list_id");
      }
      assert.deepEqual(await ok(bob, "getTask", at(task)), task);
    });
  });

  describe("a task", () => {
    test("is created with its defaults", async () => {
      const answer = await call(ada, "createTask", { content: { title: "  Buy milk " } });
      const { id, created_at, updated_at, etag, position, ...rest } = answer.content;
      assert.deepEqual(rest, { user_id: ada.id, title: "Buy milk", priority: "Medium" });
      assert.match(id, UUID);
      assert.match(created_at, INSTANT);
      assert.equal(updated_at, created_at);
      assert.match(position, /^[0-9A-Za-z]{2,128}$/);
      if (answer.headers) {
        assert.equal(answer.headers.get("etag"), `"${etag}"`);
        assert.equal(answer.headers.get("location"), `/api/${encodeURIComponent(ada.id)}/tasks/${id}`);
      }
      assert.deepEqual(await ok(ada, "getTask", at({ id })), answer.content);
    });

    test("is created with every field, at its limit, in every Unicode plane", async () => {
      // The first and the last character of each plane that is one, and what only looks like an end or a command.
      const planes = Array.from({ length: 17 }, (_, plane) => String.fromCodePoint(plane * 0x10000 + 0x41, plane * 0x10000 + 0xfffd)).join("");
      const text = planes + "\u202e\u200b\ufeff'\"\\;--<b>%_";
      const list = await ok(ada, "createTaskList", { content: { name: text } });
      const content = {
        title: text + "😀".repeat(255 - [...text].length),
        description: text + "\n\t\u0001" + "é".repeat(2000 - 3 - [...text].length),
        is_completed: true, priority: "High", due_date: "9999-12-31", due_time: "23:59", time_zone: "Europe/Berlin",
        tags: Array.from({ length: 20 }, (_, i) => "ß".repeat(48) + (10 + i)), list_id: list.id, position: "a0V",
      };
      const task = await create(ada, content);
      assert.deepEqual({ ...task, ...content }, task);
      assert.match(task.completed_at, INSTANT);
      assert.deepEqual(await ok(ada, "getTask", at(task)), task);
      const found = await ok(ada, "listTasks", { query: { tags: content.tags, list_id: list.id, search: "é".repeat(20) } });
      assert.deepEqual(found.items, [task]);
    });

    test("is refused one past each limit, each field named", async () => {
      const title = "x";
      for (const [content, field] of [
        [{ title: "" }, "title"], [{ title: " \u3000" }, "title"], [{ title: "😀".repeat(256) }, "title"], [{ title: "a\u0007b" }, "title"], [{ title: "a\u0085b" }, "title"],
        [{ title, description: "é".repeat(2001) }, "description"], [{ title, description: "\0" }, "description"],
        [{ title, due_date: "2025-02-29" }, "due_date"], [{ title, due_date: "10000-01-01" }, "due_date"], [{ title, due_date: "0000-01-01" }, "due_date"],
        [{ title, due_date: "2025-01-01", due_time: "24:00" }, "due_time"], [{ title, due_time: "10:00" }, "due_time"],
        [{ title, due_date: "2025-01-01", time_zone: "Mars/Olympus" }, "time_zone"], [{ title, time_zone: "UTC" }, "time_zone"],
        [{ title, tags: Array.from({ length: 21 }, (_, i) => `t${i}`) }, "tags"], [{ title, tags: ["ß".repeat(51)] }, "tags[0]"], [{ title, tags: ["ok", " "] }, "tags[1]"],
        [{ title, list_id: "home" }, "list_id"], [{ title, list_id: NOBODYS }, "list_id"], [{ title, position: "a00" }, "position"], [{ title, position: `a0${"1".repeat(127)}` }, "position"],
        [{ title, id: NOBODYS }, "id"], [{ title, user_id: "bob" }, "user_id"], [{ title, etag: "1" }, "etag"],
        [{ title, created_at: "2025-01-01T00:00:00Z" }, "created_at"], [{ title, deleted_at: "2025-01-01T00:00:00Z" }, "deleted_at"],
      ]) {
        await isInvalid(ada, "createTask", { content }, field);
      }
    });

    test("is replaced in full, but keeps its priority", async () => {
      const task = await create(ada, { description: "whole", priority: "Low", due_date: "2025-01-01", tags: ["a"] });
      await isInvalid(ada, "replaceTask", { ...at(task), content: { title: "New" } }, "is_completed");
      await isInvalid(ada, "replaceTask", { ...at(task), content: { is_completed: true } }, "title");
      const replaced = await ok(ada, "replaceTask", { ...at(task), content: { title: "New", is_completed: true } });
      assert.deepEqual([replaced.title, replaced.description, replaced.priority, replaced.due_date, replaced.tags], ["New", undefined, "Low", undefined, undefined]);
      assert.match(replaced.completed_at, INSTANT);
    });

    test("is updated in what was sent and nothing else", async () => {
      const task = await create(ada, { description: "whole", priority: "High", due_date: "2026-12-24", tags: ["a"] });
      const changed = await ok(ada, "updateTask", { ...at(task), content: { title: "Other" } });
      assert.deepEqual({ ...changed, title: task.title, etag: task.etag, updated_at: task.updated_at }, task);
      assert.notEqual(changed.etag, task.etag);
      const cleared = await ok(ada, "updateTask", { ...at(task), content: { description: null, due_date: null } });
      assert.deepEqual([cleared.description, cleared.due_date, cleared.priority, cleared.tags], [undefined, undefined, "High", ["a"]]);
      // What it was given out with may come back; what differs may not.
      assert.deepEqual(await ok(ada, "updateTask", { ...at(task), content: { id: task.id, created_at: task.created_at, completed_at: null } }), cleared);
      await isInvalid(ada, "updateTask", { ...at(task), content: { created_at: "2001-01-01T00:00:00Z" } }, "created_at");
    });

    test("toggles, and completes once", async () => {
      const task = await create(ada);
      assert.equal((await ok(ada, "toggleTask", at(task))).is_completed, true);
      assert.equal((await ok(ada, "toggleTask", at(task))).is_completed, undefined);
      const completed = await ok(ada, "completeTask", at(task));
      assert.equal(completed.is_completed, true);
      assert.deepEqual(await ok(ada, "completeTask", at(task)), completed);
    });

    test("goes to the trash for 30 days and comes back as it was", async () => {
      const task = await create(ada, { tags: ["trash"] });
      await ok(ada, "deleteTask", at(task));
      for (const method of ["getTask", "deleteTask", "toggleTask", "completeTask"]) await fails(ada, method, at(task), 404, "NOT_FOUND");
      const { items } = await ok(ada, "listTasks", { query: { tags: "trash", show_deleted: true } });
      assert.equal(Date.parse(items[0].purge_at) - Date.parse(items[0].deleted_at), 30 * 24 * 3600 * 1000);
      const back = await ok(ada, "undeleteTask", at(task));
      assert.deepEqual({ ...back, etag: task.etag, updated_at: task.updated_at }, task);
      assert.deepEqual(await ok(ada, "undeleteTask", at(task)), back);
    });

    test("is changed by nobody who knows an older one", async () => {
      const task = await create(ada);
      const current = await ok(ada, "toggleTask", { ...at(task), etag: task.etag });
      const content = { title: "Late", is_completed: false };
      for (const method of ["replaceTask", "updateTask", "toggleTask", "completeTask", "deleteTask", "undeleteTask"]) {
        const parts = METHODS[method].body ? { ...at(task), content } : at(task);
        await fails(ada, method, { ...parts, etag: task.etag }, 412, "PRECONDITION_FAILED");
      }
      for (const method of ["replaceTask", "updateTask"]) await fails(ada, method, { ...at(task), content: { ...content, etag: task.etag } }, 409, "CONFLICT");
      assert.deepEqual(await ok(ada, "getTask", at(task)), current);
      await ok(ada, "deleteTask", { ...at(task), etag: current.etag });
    });
  });

  describe("lists of tasks", () => {
    test("are filtered, ordered and paged, with how many match", async () => {
      const user = newUser();
      const due = (day) => ({ due_date: `2025-01-0${day}` });
      const made = [];
      for (const [title, content] of [["pear", { priority: "High", ...due(3), tags: ["a", "b"] }], ["apple", due(1)], ["fig", { tags: ["a"], is_completed: true }]]) {
        made.push(await create(user, { title, ...content }));
      }
      const titles = async (query) => {
        const page = await ok(user, "listTasks", { query });
        assert.equal(page.count ?? 0, page.items?.length ?? 0, JSON.stringify(query));
        assert.equal(page.count_is_exact, true);
        return page.items?.map((task) => task.title) ?? [];
      };
      assert.deepEqual(await titles({}), ["fig", "apple", "pear"]);
      assert.deepEqual(await titles({ sort_by: "title" }), ["apple", "fig", "pear"]);
      assert.deepEqual(await titles({ sort_by: "title", sort_order: "desc" }), ["pear", "fig", "apple"]);
      assert.deepEqual(await titles({ sort_by: "due_date" }), ["apple", "pear", "fig"]);
      assert.deepEqual(await titles({ sort_by: "priority" }), ["pear", "apple", "fig"].sort((a, b) => (a === "pear" ? -1 : b === "pear" ? 1 : made.findIndex((t) => t.title === a) - made.findIndex((t) => t.title === b))));
      assert.deepEqual(await titles({ sort_by: "position" }), ["pear", "apple", "fig"]);
      assert.deepEqual(await titles({ sort_by: "updated_at", sort_order: "asc" }), ["pear", "apple", "fig"]);
      assert.deepEqual(await titles({ status: "completed" }), ["fig"]);
      assert.deepEqual(await titles({ status: "pending", sort_by: "created_at", sort_order: "asc" }), ["pear", "apple"]);
      assert.deepEqual(await titles({ priority: "High" }), ["pear"]);
      assert.deepEqual(await titles({ tags: ["a", "b"] }), ["pear"]);
      assert.deepEqual(await titles({ search: "PE" }), ["pear"]);
      assert.deepEqual(await titles({ due_before: "2025-01-03" }), ["apple"]);
      assert.deepEqual(await titles({ due_after: "2025-01-01" }), ["pear"]);
      const pages = [];
      for (let token = ""; pages.length < 4; ) {
        const page = await ok(user, "listTasks", { query: { page_size: 1, page_token: token } });
        assert.equal(page.count, 3);
        pages.push(...page.items.map((task) => task.title));
        if (!(token = page.next_page_token)) break;
      }
      assert.deepEqual(pages, ["fig", "apple", "pear"]);
    });

    test("take no token of another query or user, and no field that is none", async () => {
      const [user, other] = [newUser(), newUser()];
      for (let i = 0; i < 2; i++) await create(user);
      const token = (await ok(user, "listTasks", { query: { page_size: 1 } })).next_page_token;
      await isInvalid(user, "listTasks", { query: { page_token: token, status: "pending" } }, "page_token");
      await isInvalid(other, "listTasks", { query: { page_token: token } }, "page_token");
      await isInvalid(user, "listTasks", { query: { page_token: `${token.slice(0, -2)}AA` } }, "page_token");
      await isInvalid(user, "listTasks", { query: { page_size: -1, time_zone: "Nowhere", list_id: "x", due_before: "soon", search: "x".repeat(256) } },
        "due_before", "list_id", "page_size", "search");
      await isInvalid(user, "listTasks", { query: { time_zone: "Nowhere/Else" } }, "time_zone");
      assert.equal((await ok(user, "listTasks", { query: { page_size: 100000 } })).items.length, 2);
    });

    test("are counted by the metrics, in the user's zone", async () => {
      const user = newUser();
      await create(user, { priority: "High", due_date: "2020-01-01" });
      await create(user, { priority: "Low", due_date: "2020-01-01", is_completed: true });
      await create(user, { due_date: "9999-12-31" });
      const counts = { total: 3, completed: 1, pending: 2, overdue: 1, high_priority: 1, medium_priority: 1, low_priority: 1 };
      assert.deepEqual(await ok(user, "getTaskMetrics"), counts);
      assert.deepEqual(await ok(user, "getTaskMetrics", { query: { time_zone: "America/New_York" } }), counts);
      await isInvalid(user, "getTaskMetrics", { query: { time_zone: "New York" } }, "time_zone");
    });
  });

  describe("a call with a key", () => {
    test("is carried out once, and answered the same again", async () => {
      const user = newUser();
      const content = { title: "Once" };
      const task = await ok(user, "createTask", { content, key: "create" });
      assert.deepEqual(await ok(user, "createTask", { content, key: "create" }), task);
      const toggled = await ok(user, "toggleTask", { ...at(task), key: "toggle" });
      assert.deepEqual(await ok(user, "toggleTask", { ...at(task), key: "toggle" }), toggled);
      const batch = { tasks: [{ title: "a" }, { title: "b" }] };
      const created = await ok(user, "batchCreateTasks", { content: batch, key: "batch" });
      assert.deepEqual(await ok(user, "batchCreateTasks", { content: batch, key: "batch" }), created);
      assert.equal((await ok(user, "listTasks")).count, 3);
      await isInvalid(user, "createTask", { content: { title: "Other" }, key: "create" }, "idempotency_key");
    });

    test("gives one task to two at once", async () => {
      const user = newUser();
      const parts = { content: { title: "One" }, key: "one" };
      const answers = await Promise.all(Array.from({ length: 4 }, () => ok(user, "createTask", parts)));
      assert.equal(new Set(answers.map((task) => task.id)).size, 1);
      assert.equal((await ok(user, "listTasks")).count, 1);
    });
  });

  describe("a batch", () => {
    test("is carried out in its order", async () => {
      const user = newUser();
      const { tasks } = await ok(user, "batchCreateTasks", { content: { tasks: [{ title: "a" }, { title: "b", priority: "High" }] } });
      assert.deepEqual(tasks.map((task) => task.title), ["a", "b"]);
      const updates = [{ task_id: tasks[1].id, task: { title: "B" }, update_mask: "title" }, { task_id: tasks[0].id, task: { is_completed: true } }];
      const updated = await ok(user, "batchUpdateTasks", { content: { updates } });
      assert.deepEqual(updated.tasks.map(({ title, is_completed }) => [title, is_completed]), [["B", undefined], ["a", true]]);
      await ok(user, "batchDeleteTasks", { content: { deletions: tasks.map(({ id }) => ({ task_id: id })) } });
      assert.equal((await ok(user, "listTasks")).count, undefined);
    });

    test("is all or nothing, takes 100, and names what is wrong", async () => {
      const user = newUser();
      const task = await create(user);
      await isInvalid(user, "batchCreateTasks", { content: { tasks: [{ title: "a" }, { title: "" }] } }, "tasks[1].title");
      await fails(user, "batchUpdateTasks", { content: { updates: [{ task_id: task.id, task: { title: "x" } }, { task_id: NOBODYS, task: { title: "x" } }] } }, 404, "NOT_FOUND");
      await fails(user, "batchDeleteTasks", { content: { deletions: [{ task_id: task.id }, { task_id: NOBODYS }] } }, 404, "NOT_FOUND");
      const many = (count) => ({ content: { tasks: Array.from({ length: count }, (_, i) => ({ title: `${i}` })) } });
      await isInvalid(user, "batchCreateTasks", many(101), "tasks");
      await isInvalid(user, "batchCreateTasks", { content: { tasks: [] } }, "tasks");
      assert.deepEqual(await ok(user, "getTask", at(task)), task);
      assert.equal((await ok(user, "batchCreateTasks", many(100))).tasks.length, 100);
      assert.equal((await ok(user, "listTasks")).count, 101);
    });
  });

  describe("export and import", () => {
    test("carry over what a user has", async () => {
      const [user, other] = [newUser(), newUser()];
      const list = await ok(user, "createTaskList", { content: { name: "Home" } });
      await create(user, { title: "in a list", list_id: list.id, tags: ["a"], is_completed: true });
      const exported = await ok(user, "exportTasks");
      assert.deepEqual([exported.lists.length, exported.tasks.length], [1, 1]);
      assert.deepEqual(await ok(other, "importTasks", { content: exported }), { created_tasks: 1, created_lists: 1 });
      const { items } = await ok(other, "listTasks");
      const kept = ({ title, tags, is_completed, created_at, completed_at, position }) => ({ title, tags, is_completed, created_at, completed_at, position });
      assert.deepEqual(kept(items[0]), kept(exported.tasks[0]));
      assert.equal((await ok(other, "getTaskList", { path: { list_id: items[0].list_id } })).name, "Home");
    });

    test("write nothing of what is half broken, and name each bad row", async () => {
      const user = newUser();
      const tasks = [{ title: "fine" }, { title: "" }, { title: "x", due_date: "soon" }, { title: "x", list_id: "unknown" }];
      await isInvalid(user, "importTasks", { content: { tasks, lists: [{ id: "l" }] } }, "lists[0].name", "tasks[1].title", "tasks[2].due_date", "tasks[3].list_id");
      assert.equal((await ok(user, "listTasks")).count, undefined);
    });
  });

  describe("lists and tags", () => {
    test("are made, changed and taken away; the tasks stay", async () => {
      const user = newUser();
      const list = await ok(user, "createTaskList", { content: { name: " Home " } });
      assert.equal(list.name, "Home");
      await isInvalid(user, "createTaskList", { content: { name: "x".repeat(256) } }, "name");
      const where = { path: { list_id: list.id } };
      assert.deepEqual(await ok(user, "getTaskList", where), list);
      const renamed = await ok(user, "updateTaskList", { ...where, content: { name: "House" } });
      await fails(user, "updateTaskList", { ...where, content: { name: "Late" }, etag: list.etag }, 412, "PRECONDITION_FAILED");
      assert.deepEqual((await ok(user, "listTaskLists")).items, [renamed]);
      const task = await create(user, { list_id: list.id });
      await ok(user, "deleteTaskList", where);
      await fails(user, "getTaskList", where, 404, "NOT_FOUND");
      assert.equal((await ok(user, "getTask", at(task))).list_id, undefined);
    });

    test("tags are those in use, and are taken off", async () => {
      const user = newUser();
      const task = await create(user, { tags: ["a/b ü", "home"] });
      await create(user, { tags: ["home"] });
      assert.deepEqual((await ok(user, "listTags")).items, [{ name: "a/b ü", task_count: 1 }, { name: "home", task_count: 2 }]);
      assert.deepEqual(await ok(user, "getTag", { path: { tag: "a/b ü" } }), { name: "a/b ü", task_count: 1 });
      await ok(user, "deleteTag", { path: { tag: "a/b ü" } });
      await fails(user, "getTag", { path: { tag: "a/b ü" } }, 404, "NOT_FOUND");
      assert.deepEqual((await ok(user, "getTask", at(task))).tags, ["home"]);
    });
  });

  describe("changes", () => {
    test("are told since a token, with what was deleted", async () => {
      const user = newUser();
      const [task, doomed] = [await create(user), await create(user)];
      const first = await ok(user, "syncTasks");
      assert.deepEqual(first.tasks, [task, doomed]);
      assert.deepEqual((await ok(user, "syncTasks", { query: { sync_token: first.next_sync_token } })).tasks, undefined);
      await ok(user, "deleteTask", at(doomed));
      const changed = await ok(user, "toggleTask", at(task));
      const second = await ok(user, "syncTasks", { query: { sync_token: first.next_sync_token } });
      assert.deepEqual(second.tasks.map(({ id, deleted_at }) => [id, deleted_at !== undefined]), [[doomed.id, true], [task.id, false]]);
      assert.deepEqual(second.tasks[1], changed);
      const page = await ok(user, "syncTasks", { query: { page_size: 1 } });
      assert.deepEqual([page.tasks.length, page.has_more], [1, true]);
      await isInvalid(ada, "syncTasks", { query: { sync_token: first.next_sync_token } }, "sync_token");
      await isInvalid(user, "syncTasks", { query: { sync_token: "made-up" } }, "sync_token");
      // Who removes everything begins a new count.
      await ok(user, "deleteMe");
      await create(user);
      await fails(user, "syncTasks", { query: { sync_token: first.next_sync_token } }, 410, "SYNC_TOKEN_EXPIRED");
    });

    test("come live, and from the last event on where a stream was cut", async () => {
      const user = newUser();
      let made;
      const [begun, event] = await way.watch(services, user, {}, async (messages) => {
        if (messages.length === 1) made ??= await create(user);
        return messages.length === 2;
      });
      assert.deepEqual(Object.keys(begun), ["event_id"]);
      assert.deepEqual(event.task, made);
      const missed = await ok(user, "toggleTask", at(made));
      const again = await way.watch(services, user, { lastEventId: event.event_id }, (messages) => messages.length === 2);
      assert.deepEqual(again[1].task, missed);
    });
  });

  describe("the caller", () => {
    test("is who the token says", async () => {
      assert.deepEqual(await ok(ada, "getMe"), { user_id: ada.id, email: "ada@example.com", name: "ada" });
    });

    test("can remove everything, and nothing of others", async () => {
      const [user, other] = [newUser(), newUser()];
      for (const one of [user, other]) await create(one, { tags: ["a"] });
      await ok(user, "createTaskList", { content: { name: "Home" } });
      await ok(user, "deleteMe");
      for (const method of ["listTasks", "listTags", "listTaskLists"]) assert.equal((await ok(user, method)).items, undefined);
      assert.equal((await ok(other, "listTasks")).count, 1);
    });
  });
}
