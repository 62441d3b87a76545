// What an internal service calls: the todo service over gRPC, through a client that is not ours.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { run } from "./support/children.mjs";
import { root, startStack } from "./support/stack.mjs";
import { signUp, takeToken } from "./support/user.mjs";

let stack, user, token;

before(async () => {
  stack = await startStack();
  user = await signUp(stack.webUrl);
  token = await takeToken(stack.webUrl, user);
});
after(() => stack?.stop());

/** Calls a method with `buf curl`; gives the parsed answer, or the error's text. */
async function call(method, message, { bearer } = {}) {
  const { code, output } = await run(`${root}tests/e2e/node_modules/.bin/buf`, [
    "curl", "--schema", `${root}build/api.binpb`, "--protocol", "grpc", "--http2-prior-knowledge",
    ...(bearer === undefined ? [] : ["-H", `authorization: Bearer ${bearer}`]),
    "-d", JSON.stringify(message), `${stack.todoAddress}/todo.v1.TaskService/${method}`,
  ]);
  return code === 0 ? { answer: JSON.parse(output) } : { error: output };
}

test("a call without a token is UNAUTHENTICATED", async () => {
  const { error } = await call("ListTasks", { user_id: user.id });
  assert.match(error, /unauthenticated/);
});

test("a call for another user is PERMISSION_DENIED", async () => {
  const { error } = await call("ListTasks", { user_id: "somebody-else" }, { bearer: token });
  assert.match(error, /permission_denied/);
});

test("the token that the gateway takes is taken here too", async () => {
  const created = await call("CreateTask", { user_id: user.id, task: { title: "Over gRPC", priority: "PRIORITY_HIGH" } }, { bearer: token });
  assert.equal(created.error, undefined);
  const task = created.answer.task;
  assert.equal(task.title, "Over gRPC");
  const updated = await call("UpdateTask", { user_id: user.id, task_id: task.id, task: { title: "Changed" }, update_mask: "title" }, { bearer: token });
  assert.equal(updated.answer.task.title, "Changed");
  assert.equal(updated.answer.task.priority, "PRIORITY_HIGH");
  const listed = await call("ListTasks", { user_id: user.id }, { bearer: token });
  assert.deepEqual(listed.answer.items.map((item) => item.id), [task.id]);
  assert.deepEqual((await call("DeleteTask", { user_id: user.id, task_id: task.id }, { bearer: token })).answer, {});
});
