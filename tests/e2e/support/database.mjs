// Databases of the PostgreSQL that the tests run with.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { run } from "./children.mjs";

/** Runs one statement and gives its output, a row a line. */
export async function sql(url, statement) {
  const { code, output } = await run("psql", ["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-d", url, "-c", statement]);
  assert.equal(code, 0, output);
  return output.trim();
}

/** Makes an empty database and gives its URL. */
export async function createDatabase() {
  const cluster = process.env.TEST_DATABASE_URL;
  assert.ok(cluster, "TEST_DATABASE_URL is not set: run this through scripts/with-postgres");
  const name = `e2e_${randomUUID().replaceAll("-", "")}`;
  await sql(cluster, `CREATE DATABASE ${name}`);
  return cluster.replace(/\/postgres\?/, `/${name}?`);
}
