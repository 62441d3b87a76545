// The connection pool to PostgreSQL.
import pg from "pg";
import type { Log } from "./log.ts";
import { errorFields } from "./log.ts";

/** Better Auth's tables live here, apart from the todo service's. */
export const AUTH_SCHEMA = "auth";

/** One lock for all that changes the schema or the signing keys, shared by every replica. */
const ADVISORY_LOCK = 7_216_405_119_003n;

export interface PoolOptions {
  databaseUrl: string;
  log: Log;
  /** Client-side bound on one statement; none for migrations, which wait for each other. */
  queryTimeoutMs?: number;
  /** Hears of each connection and statement that failed. */
  onError?: (error: unknown) => void;
}

export function createPool({ databaseUrl, log, queryTimeoutMs, onError = () => undefined }: PoolOptions): pg.Pool {
  const pool = new pg.Pool({
    Client: reportingClient(onError),
    connectionString: databaseUrl,
    max: 10,
    connectionTimeoutMillis: 5_000,
    // Hosted PostgreSQL suspends at five idle minutes: let go before it does.
    idleTimeoutMillis: 240_000,
    keepAlive: true,
    ...(queryTimeoutMs === undefined ? {} : { query_timeout: queryTimeoutMs }),
  });
  // Without this handler an idle connection that breaks, as at a database restart,
  // ends the process. The pool has dropped it already and makes a new one when asked.
  pool.on("error", (error) => {
    onError(error);
    log("warning", "database_connection_lost", errorFields(error));
  });
  return pool;
}

/** A client that tells of what fails, whoever asked for it and whatever becomes of the error. */
function reportingClient(onError: (error: unknown) => void): typeof pg.Client {
  const report = <T extends unknown[]>(args: T): T => {
    const done: unknown = args.at(-1);
    if (typeof done === "function") {
      args[args.length - 1] = (error: unknown, ...rest: unknown[]) => {
        if (error) onError(error);
        (done as (...all: unknown[]) => void)(error, ...rest);
      };
    }
    return args;
  };
  const reported = (result: unknown): unknown => {
    if (result instanceof Promise) result.catch(onError);
    return result;
  };
  class ReportingClient extends pg.Client {}
  for (const name of ["connect", "query"] as const) {
    const original = Reflect.get(pg.Client.prototype, name) as (...args: unknown[]) => unknown;
    Object.defineProperty(ReportingClient.prototype, name, {
      value(this: pg.Client, ...args: unknown[]) {
        return reported(original.apply(this, report(args)));
      },
    });
  }
  return ReportingClient;
}

/**
 * Runs `work` while holding the advisory lock. The lock belongs to a transaction, not to
 * a session, so that it also works through a pooler in transaction mode.
 */
export async function withAdvisoryLock<T>(pool: pg.Pool, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let broken: Error | undefined;
  const onError = (error: Error) => {
    broken = error;
  };
  client.on("error", onError);
  try {
    await client.query("BEGIN");
    await client.query("SELECT pg_advisory_xact_lock($1)", [ADVISORY_LOCK.toString()]);
    const result = await work(client);
    await client.query("COMMIT");
    return result;
  } catch (error) {
    await client.query("ROLLBACK").catch((rollbackError: unknown) => {
      broken = rollbackError instanceof Error ? rollbackError : new Error(String(rollbackError));
    });
    throw error;
  } finally {
    client.off("error", onError);
    client.release(broken);
  }
}
