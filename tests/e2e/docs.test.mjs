// The commands that docs/keys-and-tokens.md shows, and what it says that they print.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { run } from "./support/children.mjs";
import { freePorts } from "./support/ports.mjs";
import { root } from "./support/stack.mjs";

test("a token is minted and checked as docs/keys-and-tokens.md says", async () => {
  const [port] = await freePorts(1);
  const text = (await readFile(`${root}docs/keys-and-tokens.md`, "utf8")).replaceAll("8090", port);
  const script = text.match(/```sh[^\n]*\n(openssl [^]*?)```/)[1];
  const { code, output } = await run("bash", ["-eumo", "pipefail", "-c", script], { cwd: root });
  assert.equal(code, 0, output);
  const shown = text.match(/```\n(ok [^]*?)```/)[1].trim();
  const withoutTime = (line) => line.replace(/\d{4}-\S+Z/, "TIME");
  const printed = output.split("\n").filter((line) => line.startsWith("ok ")).map(withoutTime);
  assert.deepEqual(printed, shown.split("\n").map(withoutTime));
});
