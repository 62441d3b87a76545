// gRPC through a client that is not ours.
import { run } from "./children.mjs";
import { root } from "./stack.mjs";

/** Calls a method of the todo service with `buf curl`; gives the parsed answer, or the error's text. */
export async function callTodo(stack, method, message, headers = {}) {
  const { code, output } = await run(`${root}tests/e2e/node_modules/.bin/buf`, [
    "curl", "--schema", `${root}build/api.binpb`, "--protocol", "grpc", "--http2-prior-knowledge",
    ...Object.entries(headers).flatMap(([name, value]) => ["-H", `${name}: ${value}`]),
    "-d", JSON.stringify(message), `${stack.todoAddress}/todo.v1.TaskService/${method}`,
  ]);
  return code === 0 ? { answer: JSON.parse(output) } : { error: output };
}
