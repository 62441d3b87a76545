// What an internal service calls: the todo service over gRPC, through a client that is not ours.
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { callTodo } from "../support/grpc.mjs";
import { signUp } from "../support/user.mjs";

/** As apiSuite. */
export function grpcSuite(findStack, credential) {
  let stack, user, shown;

  before(async () => {
    stack = await findStack();
    user = await signUp(stack.webUrl);
    shown = await credential(stack, user);
  });

  test("a call without a token is UNAUTHENTICATED", async () => {
    const { error } = await callTodo(stack, "ListTasks", { user_id: user.id });
    assert.match(error, /unauthenticated/);
  });

  test("a call for another user is PERMISSION_DENIED", async () => {
    const { error } = await callTodo(stack, "ListTasks", { user_id: "somebody-else" }, shown);
    assert.match(error, /permission_denied/);
  });

  test("what the gateway takes is taken here too", async () => {
    const created = await callTodo(stack, "CreateTask", { user_id: user.id, task: { title: "Over gRPC", priority: "PRIORITY_HIGH" } }, shown);
    assert.equal(created.error, undefined);
    const task = created.answer.task;
    assert.equal(task.title, "Over gRPC");
    const updated = await callTodo(stack, "UpdateTask", { user_id: user.id, task_id: task.id, task: { title: "Changed" }, update_mask: "title" }, shown);
    assert.equal(updated.answer.task.title, "Changed");
    assert.equal(updated.answer.task.priority, "PRIORITY_HIGH");
    const listed = await callTodo(stack, "ListTasks", { user_id: user.id }, shown);
    assert.deepEqual(listed.answer.items.map((item) => item.id), [task.id]);
    assert.deepEqual((await callTodo(stack, "DeleteTask", { user_id: user.id, task_id: task.id }, shown)).answer, {});
  });
}
