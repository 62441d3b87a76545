// The three services alone, on a database of their own: no Better Auth, no web app. What a caller of the API talks to.
import assert from "node:assert/strict";
import { rm, mkdtemp, readFile } from "node:fs/promises";
import { Child, run } from "./children.mjs";
import { createDatabase, sql } from "./database.mjs";
import { root } from "./stack.mjs";

const portOf = async (child) => Number((await child.waitFor(/"event":"(?:listening|started)",.*"port":(\d+)/))[1]);

/** A PgBouncer in transaction mode in front of the server of a database URL. */
async function startPooler(databaseUrl) {
  const folder = await mkdtemp("/tmp/todo-pooler-");
  const socket = new URL(databaseUrl).searchParams.get("host");
  const { code, output } = await run(`${root}tests/support/todo/start-pgbouncer`, [socket, folder]);
  assert.equal(code, 0, output);
  return {
    route: (url) => Object.assign(new URL(url), { search: `host=${folder}&port=6432` }).href,
    async stop() {
      process.kill(Number(await readFile(`${folder}/pid`, "utf8")));
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/**
 * Starts verifier, todo service and gateway for tokens of the issuer. The service's role may use the schema and not change
 * it. With `pooled` it goes through PgBouncer.
 */
export async function startServices(issuer, { pooled = false, environment = {} } = {}) {
  const owner = await createDatabase();
  const role = `service_${new URL(owner).pathname.slice(1)}`;
  await sql(owner, `CREATE ROLE ${role} LOGIN`);
  const direct = Object.assign(new URL(owner), { username: role }).href;
  const migrated = await run(`${root}build/bin/todo-service`, ["migrate"], {
    env: { NEON_DATABASE_URL: direct, NEON_DATABASE_DIRECT_URL: owner },
  });
  assert.equal(migrated.code, 0, migrated.output);
  const pooler = pooled ? await startPooler(owner) : undefined;

  const verifier = new Child(`${root}build/bin/token-verifier`, [], { env: { BETTER_AUTH_URL: issuer.url, VERIFIER_PORT: "0" } });
  const todo = new Child(`${root}build/bin/todo-service`, [], {
    env: {
      NEON_DATABASE_URL: pooler?.route(direct) ?? direct,
      NEON_DATABASE_DIRECT_URL: direct,
      VERIFIER_ADDRESS: `127.0.0.1:${await portOf(verifier)}`,
      TODO_PORT: "0",
      USER_RATE: "0",
      ...environment,
    },
  });
  const todoAddress = `127.0.0.1:${await portOf(todo)}`;
  const gateway = new Child(`${root}build/bin/http-gateway`, [], { env: { PORT: "0", TODO_ADDRESS: todoAddress } });
  const apiUrl = `http://127.0.0.1:${await portOf(gateway)}`;
  await todo.waitFor(/"event":"ready"/);
  return {
    apiUrl,
    todoAddress: `http://${todoAddress}`,
    database: owner,
    /** What the todo service has printed so far. */
    log: () => todo.output,
    async stop() {
      for (const child of [gateway, todo, verifier]) await child.stop();
      await pooler?.stop();
    },
  };
}
