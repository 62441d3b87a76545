// What the frontend calls, on the whole application with a real Better Auth.
import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { assertProblem, request } from "../support/http.mjs";
import { signUp } from "../support/user.mjs";

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/;

/** `findStack` gives the running application, `credential` what a user shows to it: one of support/credentials.mjs. */
export function apiSuite(findStack, credential) {
  let stack, ada, bob;

  before(async () => {
    stack = await findStack();
    ada = await makeUser("Ada");
    bob = await makeUser("Bob");
  });

  async function makeUser(name) {
    const user = await signUp(stack.webUrl, name);
    const shown = await credential(stack, user);
    const tasks = `${stack.apiUrl}/api/${user.id}/tasks`;
    const call = (method, path = "", { headers, ...options } = {}) => request(method, tasks + path, { ...options, headers: { ...shown, ...headers } });
    return { ...user, shown, tasks, call };
  }

  async function createTask(user, fields = {}) {
    const answer = await user.call("POST", "", { json: { title: "Buy milk", ...fields } });
    assert.equal(answer.status, 201, answer.text);
    return answer.json;
  }

  describe("without a good credential", () => {
    test("a call without one is 401 and says how to authenticate", async () => {
      const answer = await request("GET", ada.tasks);
      assertProblem(answer, 401, "MISSING_TOKEN");
      assert.equal(answer.headers.get("www-authenticate"), "Bearer");
    });

    test("a token in the query is not read", async () => {
      assertProblem(await request("GET", `${stack.apiUrl}/api/me?access_token=${ada.sessionToken}`), 400, "MALFORMED_REQUEST");
    });

    test("another scheme is 401", async () => {
      assertProblem(await request("GET", ada.tasks, { headers: { authorization: "Basic YTpi" } }), 401, "INVALID_HEADER_FORMAT");
    });
  });

  describe("another user's resources", () => {
    test("are 403, the same whether the user exists or not", async () => {
      const existing = await ada.call("GET", "", {});
      assert.equal(existing.status, 200);
      for (const id of [bob.id, "nobody", "../" + bob.id]) {
        const path = `${stack.apiUrl}/api/${encodeURIComponent(id)}/tasks`;
        assertProblem(await request("GET", path, { headers: ada.shown }), 403, "FORBIDDEN_USER_ACCESS");
        assertProblem(await request("POST", path, { headers: ada.shown, json: { title: "x" } }), 403, "FORBIDDEN_USER_ACCESS");
        assertProblem(await request("DELETE", `${path}/not-a-uuid`, { headers: ada.shown }), 403, "FORBIDDEN_USER_ACCESS");
      }
    });

    test("a task of theirs under one's own path is 404, and stays as it was", async () => {
      const task = await createTask(bob);
      for (const [method, path, json] of [
        ["GET", "", undefined],
        ["PUT", "", { title: "mine", is_completed: true }],
        ["PATCH", "", { title: "mine" }],
        ["PATCH", "/complete", undefined],
        ["POST", "/complete", undefined],
        ["DELETE", "", undefined],
      ]) {
        assertProblem(await ada.call(method, `/${task.id}${path}`, { json }), 404, "NOT_FOUND");
      }
      assert.deepEqual((await bob.call("GET", `/${task.id}`)).json, task);
    });
  });

  describe("bad input", () => {
    test("JSON that is none is 400 and writes nothing", async () => {
      const count = (await ada.call("GET")).json.count;
      const headers = { "content-type": "application/json" };
      for (const body of ["{", "[]", "{'title':'x'}", '{"title":"x",}', '{"title":"x","title":"y"}', '["x"]', '{"title":1}', '{"titel":"x"}',
        '{"title":"x","priority":"Urgent"}', '{"title":"x","is_completed":"yes"}']) {
        assertProblem(await ada.call("POST", "", { body, headers }), 400, "MALFORMED_REQUEST");
      }
      assert.equal((await ada.call("GET")).json.count, count);
    });

    test("each bad field is named, and nothing is written", async () => {
      const count = (await ada.call("GET")).json.count;
      const answer = await ada.call("POST", "", { json: { title: "  ", description: "x".repeat(2001), due_date: "2026-02-30" } });
      assertProblem(answer, 422, "VALIDATION_ERROR");
      assert.deepEqual(answer.json.errors.map((error) => error.field).sort(), ["description", "due_date", "title"]);
      assert.equal((await ada.call("GET")).json.count, count);
    });

    test("limits hold at the edge and one past it", async () => {
      await createTask(ada, { title: "é".repeat(255), description: "😀".repeat(2000) });
      assertProblem(await ada.call("POST", "", { json: { title: "é".repeat(256) } }), 422, "VALIDATION_ERROR");
      assertProblem(await ada.call("POST", "", { json: { title: "x", description: "😀".repeat(2001) } }), 422, "VALIDATION_ERROR");
    });

    test("a body that sets another owner is 422", async () => {
      assertProblem(await ada.call("POST", "", { json: { title: "x", user_id: bob.id } }), 422, "VALIDATION_ERROR");
    });

    test("a task id that is no UUID is 422", async () => {
      assertProblem(await ada.call("GET", "/1"), 422, "VALIDATION_ERROR");
    });

    test("replacing needs title and is_completed", async () => {
      const task = await createTask(ada);
      assertProblem(await ada.call("PUT", `/${task.id}`, { json: { title: "x" } }), 422, "VALIDATION_ERROR");
      assertProblem(await ada.call("PUT", `/${task.id}`, { json: { is_completed: true } }), 422, "VALIDATION_ERROR");
      assert.deepEqual((await ada.call("GET", `/${task.id}`)).json, task);
    });

    test("unknown paths, methods, query names and media types", async () => {
      assertProblem(await request("GET", `${stack.apiUrl}/api/nothing/here/at/all`), 404, "ROUTE_NOT_FOUND");
      const answer = await ada.call("DELETE");
      assertProblem(answer, 405, "METHOD_NOT_ALLOWED");
      assert.match(answer.headers.get("allow"), /GET/);
      assertProblem(await ada.call("GET", "?colour=red"), 400, "MALFORMED_REQUEST");
      assertProblem(await ada.call("GET", "?page_size=-1"), 422, "VALIDATION_ERROR");
      assertProblem(await ada.call("POST", "", { body: "title=x", headers: { "content-type": "text/plain" } }), 415, "UNSUPPORTED_MEDIA_TYPE");
    });
  });

  describe("a task", () => {
    test("is created with its defaults, and found again", async () => {
      const answer = await ada.call("POST", "", { json: { title: "  Buy milk  " } });
      assert.equal(answer.status, 201, answer.text);
      const task = answer.json;
      assert.match(task.id, UUID);
      assert.equal(answer.headers.get("location"), `/api/${ada.id}/tasks/${task.id}`);
      assert.equal(task.user_id, ada.id);
      assert.equal(task.title, "Buy milk");
      assert.equal(task.description, null);
      assert.equal(task.is_completed, false);
      assert.equal(task.priority, "Medium");
      assert.equal(task.due_date, null);
      assert.equal(task.completed_at, null);
      assert.match(task.created_at, INSTANT);
      assert.deepEqual((await ada.call("GET", `/${task.id}`)).json, task);
    });

    test("is updated in the fields that were sent and no other", async () => {
      const task = await createTask(ada, { description: "whole", priority: "High", due_date: "2026-12-24" });
      const changed = (await ada.call("PATCH", `/${task.id}`, { json: { title: "Buy oat milk" } })).json;
      assert.deepEqual({ ...changed, updated_at: 0, etag: 0 }, { ...task, title: "Buy oat milk", updated_at: 0, etag: 0 });
      assert.notEqual(changed.etag, task.etag);
      const cleared = (await ada.call("PATCH", `/${task.id}`, { json: { description: null, due_date: null } })).json;
      assert.equal(cleared.description, null);
      assert.equal(cleared.due_date, null);
      assert.equal(cleared.priority, "High");
    });

    test("is replaced in full, but keeps its priority", async () => {
      const task = await createTask(ada, { description: "whole", priority: "Low" });
      const replaced = (await ada.call("PUT", `/${task.id}`, { json: { title: "New", is_completed: true } })).json;
      assert.equal(replaced.title, "New");
      assert.equal(replaced.description, null);
      assert.equal(replaced.priority, "Low");
      assert.match(replaced.completed_at, INSTANT);
    });

    test("toggles, completes once, and is deleted", async () => {
      const task = await createTask(ada);
      assert.equal((await ada.call("PATCH", `/${task.id}/complete`)).json.is_completed, true);
      assert.equal((await ada.call("PATCH", `/${task.id}/complete`)).json.is_completed, false);
      const completed = (await ada.call("POST", `/${task.id}/complete`)).json;
      assert.equal(completed.is_completed, true);
      assert.deepEqual((await ada.call("POST", `/${task.id}/complete`)).json, completed);
      const deleted = await ada.call("DELETE", `/${task.id}`);
      assert.equal(deleted.status, 204);
      assert.equal(deleted.text, "");
      assertProblem(await ada.call("GET", `/${task.id}`), 404, "NOT_FOUND");
      assertProblem(await ada.call("DELETE", `/${task.id}`), 404, "NOT_FOUND");
    });
  });

  describe("lists and counts", () => {
    test("pages hold every task once, whatever the order", async () => {
      const user = await makeUser("Carol");
      const created = [];
      for (let i = 0; i < 7; i++) created.push(await createTask(user, { title: `task ${i % 3}`, priority: ["High", "Low"][i % 2] }));
      for (const sort of ["created_at", "updated_at", "title", "priority", "due_date"]) {
        for (const order of ["asc", "desc"]) {
          const seen = [];
          let next = "";
          do {
            const page = await user.call("GET", `?sort_by=${sort}&sort_order=${order}&page_size=3&page_token=${next}`);
            assert.equal(page.status, 200, page.text);
            assert.equal(page.json.count, 7);
            seen.push(...page.json.items.map((task) => task.id));
            next = page.json.next_page_token;
          } while (next !== "");
          assert.deepEqual([...seen].sort(), created.map((task) => task.id).sort(), `${sort} ${order}`);
        }
      }
      assert.deepEqual((await user.call("GET", "?sort_by=created_at&sort_order=asc")).json.items, created);
    });

    test("a page token of another user or query is 422", async () => {
      const user = await makeUser("Dave");
      for (let i = 0; i < 2; i++) await createTask(user);
      const token = (await user.call("GET", "?page_size=1")).json.next_page_token;
      assertProblem(await user.call("GET", `?status=pending&page_token=${token}`), 422, "VALIDATION_ERROR");
      assertProblem(await ada.call("GET", `?page_size=1&page_token=${token}`), 422, "VALIDATION_ERROR");
      assertProblem(await user.call("GET", `?page_token=${token.slice(0, -2)}AA`), 422, "VALIDATION_ERROR");
    });

    test("metrics count what there is, and filters list it", async () => {
      const user = await makeUser("Erin");
      await createTask(user, { priority: "High", due_date: "2020-01-01" });
      const low = await createTask(user, { priority: "Low", due_date: "2020-01-01" });
      await user.call("POST", `/${low.id}/complete`);
      await user.call("DELETE", `/${(await createTask(user)).id}`);
      assert.deepEqual((await user.call("GET", "/metrics")).json, {
        total: 2, completed: 1, pending: 1, overdue: 1, high_priority: 1, medium_priority: 0, low_priority: 1,
      });
      assert.deepEqual((await user.call("GET", "?status=completed")).json.items.map((task) => task.id), [low.id]);
      assert.equal((await user.call("GET", "?priority=High")).json.count, 1);
    });

    test("/api/me is who has signed in", async () => {
      const me = await request("GET", `${stack.apiUrl}/api/me`, { headers: ada.shown });
      assert.deepEqual(me.json, { user_id: ada.id, email: ada.email, name: "Ada" });
    });
  });

  describe("the edge", () => {
    test("health and readiness are public", async () => {
      assert.deepEqual((await request("GET", `${stack.apiUrl}/health`)).json, { status: "healthy" });
      assert.equal((await request("GET", `${stack.apiUrl}/readyz`)).status, 200);
    });

    test("every answer has the security headers", async () => {
      for (const answer of [await ada.call("GET"), await request("GET", ada.tasks), await request("GET", `${stack.apiUrl}/nothing`)]) {
        assert.equal(answer.headers.get("x-content-type-options"), "nosniff");
        assert.equal(answer.headers.get("x-frame-options"), "DENY");
        assert.equal(answer.headers.get("referrer-policy"), "strict-origin-when-cross-origin");
        assert.match(answer.headers.get("content-security-policy"), /default-src 'none'/);
        assert.match(answer.headers.get("cache-control"), /no-store/);
        assert.equal(answer.headers.get("server"), null);
      }
    });

    test("the web app's origin and no other is allowed, on errors too", async () => {
      const preflight = await request("OPTIONS", ada.tasks, {
        headers: { origin: stack.webUrl, "access-control-request-method": "POST", "access-control-request-headers": "authorization,content-type" },
      });
      assert.equal(preflight.status, 204);
      assert.equal(preflight.headers.get("access-control-allow-origin"), stack.webUrl);
      const refused = await request("GET", ada.tasks, { headers: { origin: stack.webUrl } });
      assert.equal(refused.status, 401);
      assert.equal(refused.headers.get("access-control-allow-origin"), stack.webUrl);
      for (const origin of ["https://evil.test", "null", `${stack.webUrl}.evil.test`, stack.webUrl.replace("localhost", "localhost.evil.test")]) {
        const answer = await request("GET", ada.tasks, { headers: { origin } });
        assert.equal(answer.headers.get("access-control-allow-origin"), null, origin);
      }
    });

    test("identity headers from outside change nothing", async () => {
      const me = await request("GET", `${stack.apiUrl}/api/me`, {
        headers: { ...ada.shown, "x-user-id": bob.id, "x-auth-subject": bob.id, "grpc-metadata-authorization": `Bearer ${bob.sessionToken}` },
      });
      assert.equal(me.json.user_id, ada.id, me.text);
    });
  });
}
