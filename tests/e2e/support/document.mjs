// The commands that documents show, as they stand there.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { run } from "./children.mjs";
import { root } from "./stack.mjs";

/** The commands of the block that begins with ```sh, has these words behind it, and holds the text. */
export async function commandsOf(path, words, text = "") {
  const blocks = [...(await readFile(root + path, "utf8")).matchAll(/^```sh[ \t]*([^\n]*)\n([^]*?)^```$/gm)];
  const found = blocks.filter(([, info, content]) => info.includes(words) && content.includes(text));
  assert.equal(found.length, 1, `${path} has ${found.length} blocks of ${words}`);
  return found[0][2];
}

/** Runs commands as somebody types them, in a folder, and gives their output; they must succeed. */
export async function type(commands, { cwd = root, ...environment } = {}) {
  const { code, output } = await run("bash", ["-euo", "pipefail", "-c", commands], { cwd, env: { ...process.env, ...environment } });
  assert.equal(code, 0, output);
  return output;
}
