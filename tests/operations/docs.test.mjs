// What the documents say is so. scripts/check-docs runs this alone.
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { chmod, mkdtemp, readdir, rm, symlink, writeFile } from "node:fs/promises";
import { basename, dirname, join, normalize } from "node:path";
import { after, before, describe, test } from "node:test";
import { run } from "../e2e/support/children.mjs";
import { createDatabase } from "../e2e/support/database.mjs";
import { planStack, startStack } from "../e2e/support/stack.mjs";
import { signUp, takeToken } from "../e2e/support/user.mjs";
import { anchorsOf, blocksOf, files, linksOf, namesIn, textOf, variablesRead } from "./support/documents.mjs";
import { root } from "./support/monitoring.mjs";

const documents = files("*.md");
const shown = documents.flatMap((path) => blocksOf(textOf(path)).map((block) => ({ path, ...block })));
const commands = shown.filter(({ language }) => ["sh", "bash", "shell", "console"].includes(language));
// What needs a container engine has tests of its own, where there is one.
for (const block of commands) if (/\bdocker\b/.test(block.content) && block.info === "") block.info = "template";
const at = ({ path, line }) => `${path}:${line}`;

describe("links", () => {
  for (const path of documents) {
    test(`of ${path} lead somewhere`, () => {
      for (const link of linksOf(textOf(path))) {
        const [file, anchor] = link.split("#");
        const target = file === "" ? path : normalize(join(dirname(path), file));
        assert.ok(existsSync(root + target), `${link}: there is no ${target}`);
        if (anchor !== undefined && target.endsWith(".md")) {
          assert.ok(anchorsOf(textOf(target)).has(anchor), `${link}: ${target} has no such heading`);
        }
      }
    });
  }
});

describe("names", () => {
  const read = variablesRead();
  const code = files(":!*.md", ":!*.lock", ":!*package-lock.json", ":!tests/fuzz/**/corpus/**").map((path) => {
    try { return textOf(path); } catch { return ""; }
  });
  const inCode = namesIn(code.join("\n"));
  // A word of SQL, and a name that stands for names.
  const words = new Set(["CURRENT_USER", "NAME_FILE"]);
  const known = (name) => words.has(name) || inCode.has(name) || inCode.has(name.replace(/_FILE$/, ""));

  for (const path of documents) {
    test(`that ${path} speaks of exist`, () => {
      const text = textOf(path);
      // What a command sets itself, or asks its reader to set.
      const own = new Set(blocksOf(text).flatMap(({ content }) => [...content.matchAll(/\b([A-Z][A-Z0-9_]+)=|"\$([A-Z][A-Z0-9_]+)"/g)].map(([, a, b]) => a ?? b)));
      assert.deepEqual([...namesIn(text)].filter((name) => !known(name) && !own.has(name)), []);
    });
  }

  test("of all variables that are read are documented", () => {
    // In the first column of a table, in .env.example, or in a comment of the script that reads it.
    const rows = documents.flatMap((path) => [...textOf(path).matchAll(/^\|([^|]*`[^|]*)\|/gm)].map(([, cell]) => cell));
    const comments = files("scripts/*").flatMap((path) => textOf(path).split("\n").filter((line) => /^\s*#/.test(line)));
    const text = [...rows, ...comments, ...files(".env.example").map(textOf)].join("\n");
    const missing = [...read].filter(([name]) => !new RegExp(`\\b${name}(_FILE)?\\b`).test(text));
    assert.deepEqual(missing, [], "read, and not documented");
  });
});

describe("each command", () => {
  test("stands in a block of the language sh, and can be read by it", async () => {
    for (const block of commands) {
      assert.equal(block.language, "sh", at(block));
      const { code, output } = await run("bash", ["-n", "-c", block.content]);
      assert.equal(code, 0, `${at(block)}: ${output}`);
    }
  });

  test("calls scripts that exist, and binaries by commands that they know", async () => {
    const help = new Map();
    for (const block of commands) {
      for (const [, script] of block.content.matchAll(/(?:^|[\s(])(?:\.\/)?(scripts\/[\w.-]+)/g)) {
        assert.ok(existsSync(root + script), `${at(block)}: there is no ${script}`);
      }
      for (const [, binary, rest] of block.content.replaceAll("\\\n", " ").matchAll(/build\/bin\/([\w-]+)((?: [^\n|;&<>]*)?)/g)) {
        if (!help.has(binary)) help.set(binary, (await run(`${root}build/bin/${binary}`, ["--help"])).output
          + (await run(`${root}build/bin/${binary}`, ["check", "--help"])).output);
        for (const [, option] of rest.matchAll(/ (--[a-z_-]+)/g)) {
          assert.ok(help.get(binary).includes(option), `${at(block)}: ${binary} knows no ${option}`);
        }
      }
    }
  });

  test("that is not run here has a test that reads it, or calls the same", () => {
    const tracked = new Set(files(".").map((path) => basename(path)).filter((name) => name.includes(".")));
    for (const block of commands) {
      const [, file] = block.info.match(/\btest=(\S+)/) ?? [];
      assert.match(block.info, /^(|template|test=\S+( id=[\w-]+)?)$/, `${at(block)}: it is not known how it is tried`);
      if (file === undefined) continue;
      assert.ok(existsSync(root + file), `${at(block)}: there is no ${file}`);
      const text = textOf(file);
      if (text.includes(block.path)) continue;
      const words = block.content.split(/[\s='"]+/);
      const called = words.filter((word) => /(^|\/)(scripts|build\/bin)\//.test(word) || tracked.has(basename(word))).map((word) => basename(word));
      assert.ok(called.length > 0, `${at(block)}: ${file} does not read it`);
      for (const name of called) assert.ok(text.includes(name), `${at(block)}: ${file} does not call ${name}`);
    }
  });
});

describe("beside a stack that runs", () => {
  let stack, environment, folder;

  before(async () => {
    const plan = await planStack({ NEON_DATABASE_URL: await createDatabase() });
    stack = await startStack({}, plan);
    const user = await signUp(stack.webUrl);
    folder = await mkdtemp("/tmp/docs-");
    await chmod(folder, 0o755);
    // Beside what there is a folder of its own, so that nothing is left where it does not belong.
    for (const name of await readdir(root)) if (![".git", ".env", ".local"].includes(name)) await symlink(root + name, `${folder}/${name}`);
    const { PORT, WEB_PORT, TODO_PORT, VERIFIER_PORT, NEON_DATABASE_URL } = plan.environment;
    environment = {
      PATH: `${root}tests/e2e/node_modules/.bin:${process.env.PATH}`,
      HOME: folder,
      PORT, WEB_PORT, TODO_PORT, VERIFIER_PORT, NEON_DATABASE_URL,
      BETTER_AUTH_URL: stack.webUrl,
      ALLOWED_ORIGINS: stack.webUrl,
      TOKEN: await takeToken(stack.webUrl, user),
    };
  });
  after(async () => {
    await stack?.stop();
    if (folder) await rm(folder, { recursive: true });
  });

  // The ports of the documents are the default ones.
  const here = (text) => text
    .replaceAll(/(localhost|127\.0\.0\.1):(8000|3000|50051|50052)\b/g, (_, host, port) =>
      `${host}:${environment[{ 8000: "PORT", 3000: "WEB_PORT", 50051: "TODO_PORT", 50052: "VERIFIER_PORT" }[port]]}`);

  for (const block of commands.filter(({ info }) => info === "")) {
    test(`${at(block)} works: ${block.content.trim().split("\n").at(-1).slice(0, 80)}`, async () => {
      const { NEON_DATABASE_URL, BETTER_AUTH_URL, ALLOWED_ORIGINS } = environment;
      await writeFile(`${folder}/.env`, Object.entries({ NEON_DATABASE_URL, BETTER_AUTH_URL, ALLOWED_ORIGINS }).map((pair) => `${pair.join("=")}\n`).join(""));
      const { code, output } = await run("bash", ["-euo", "pipefail", "-c", here(block.content)], { cwd: folder, env: environment });
      assert.equal(code, 0, output);
    });
  }
});
