// The job that hands each service its secrets, as the container's user runs it.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chownSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { root } from "../e2e/support/stack.mjs";

/** Files of mode 0400 are open to root: as in the container it must be somebody else. */
const USER = 10001;
const isRoot = process.getuid() === 0;

test("a job that was cut short does not keep the next one from its work", () => {
  const folder = mkdtempSync(join(tmpdir(), "secrets-"));
  const paths = ["", "todo", "migrate", "env", "todo/database-url.new"].map((path) => join(folder, path));
  const [, todo, migrate, env, left] = paths;
  mkdirSync(todo);
  mkdirSync(migrate);
  writeFileSync(env, "NEON_DATABASE_URL=postgresql://todo@db.example/todo\n");
  writeFileSync(left, "postgresql://", { mode: 0o400 });
  if (isRoot) paths.forEach((path) => chownSync(path, USER, USER));
  try {
    const job = ["sh", "-s", "--", folder, folder];
    const [command, ...args] = isRoot ? ["setpriv", `--reuid=${USER}`, `--regid=${USER}`, "--clear-groups", ...job] : job;
    const { status, stderr } = spawnSync(command, args, { input: readFileSync(`${root}scripts/secrets`), encoding: "utf8", cwd: "/" });
    assert.equal(status, 0, stderr);
    assert.equal(readFileSync(join(todo, "database-url"), "utf8"), "postgresql://todo@db.example/todo\n");
  } finally {
    rmSync(folder, { recursive: true });
  }
});
