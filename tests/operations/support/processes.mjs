// The four processes, each by itself.
import { Child, run } from "../../e2e/support/children.mjs";
import { root } from "../../e2e/support/stack.mjs";

const bin = (name) => [`${root}build/bin/${name}`];

export const COMMANDS = {
  verifier: bin("token-verifier"),
  todo: bin("todo-service"),
  gateway: bin("http-gateway"),
  web: [process.execPath, `${root}services/web/dist/server/main.js`],
};

/** With nothing but these variables in its environment. */
const options = (variables) => ({ env: { PATH: process.env.PATH, ...variables } });

/** Runs one of them to its end. */
export function runProcess(name, args, variables = {}) {
  const [command, ...first] = COMMANDS[name];
  return run(command, [...first, ...args], options(variables));
}

/** Starts one of them. */
export function startProcess(name, variables, more = {}) {
  const [command, ...args] = COMMANDS[name];
  return new Child(command, args, { ...options(variables), ...more });
}
