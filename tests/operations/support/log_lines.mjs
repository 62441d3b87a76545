// The logs of a stack that scripts/run has started.
import { readFile } from "node:fs/promises";

const FILES = { gateway: "http-gateway", "todo-service": "todo-service", "token-verifier": "token-verifier", web: "web" };

/** What all processes of the stack have written so far. */
export async function logText(stack) {
  const texts = Object.values(FILES).map((name) => readFile(`${stack.dataFolder}/log/${name}.log`, "utf8"));
  return (await Promise.all(texts)).join("");
}

export const parseLines = (text) => text.split("\n").filter((line) => line !== "").map((line) => JSON.parse(line));

/** The lines so far that hold all of these fields, once there are `count` of them: lines are written a moment after what they tell of. */
export async function findLines(stack, fields, count = 1, patience = 20_000) {
  const until = Date.now() + patience;
  for (;;) {
    const lines = parseLines(await logText(stack));
    const found = lines.filter((line) => Object.entries(fields).every(([name, value]) => line[name] === value));
    if (found.length >= count) return found;
    if (Date.now() > until) throw new Error(`no ${count} lines of ${JSON.stringify(fields)} among\n${lines.map((line) => JSON.stringify(line)).join("\n")}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
