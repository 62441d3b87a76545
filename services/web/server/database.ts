// The connection pool to PostgreSQL.
import pg from "pg";
import type { Log } from "./log.ts";
import { errorFields } from "./log.ts";
import { currentRequest, type RequestContext } from "./request_context.ts";

/** Better Auth's tables live here, apart from the todo service's. */
export const AUTH_SCHEMA = "auth";

/** One lock for all that changes the schema or the signing keys, shared by every replica. */
const ADVISORY_LOCK = 7_216_405_119_003n;

export interface PoolOptions {
  databaseUrl: string;
  log: Log;
  /** Client-side bound on one statement; none for migrations, which wait for each other. */
  queryTimeoutMs?: number;
  /** Hears of each connection and statement that failed, maybe more than once, and for which request, if for one. */
  onError?: OnError;
}

type OnError = (error: unknown, request: RequestContext | undefined) => void;

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
  // A connection that breaks, as at a database restart, would end the process where nobody listens: the pool does while it
  // is idle, and nobody while it is in use. The pool drops it and makes a new one when asked.
  pool.on("connect", (client) => {
    client.on("error", (error) => {
      onError(error, undefined);
      log("warning", "database_connection_lost", errorFields(error));
    });
  });
  // The client has told of it above; the pool throws what nobody listens to.
  pool.on("error", () => undefined);
  // Who waits for a connection in vain is told by the pool alone.
  tellOfFailures(pool, pg.Pool.prototype, ["connect"], onError);
  return pool;
}

/** A client that tells of what fails, whoever asked for it and whatever becomes of the error. */
function reportingClient(onError: OnError): typeof pg.Client {
  class ReportingClient extends pg.Client {}
  tellOfFailures(ReportingClient.prototype, pg.Client.prototype, ["connect", "query"], onError);
  return ReportingClient;
}

/** Replaces methods that end in a callback or a promise by ones that tell `onError` too. */
function tellOfFailures(target: object, prototype: object, names: readonly string[], onError: OnError): void {
  for (const name of names) {
    const original = Reflect.get(prototype, name) as (...args: unknown[]) => unknown;
    Object.defineProperty(target, name, {
      value(this: unknown, ...args: unknown[]) {
        const request = currentRequest();
        const done: unknown = args.at(-1);
        if (typeof done === "function") {
          args[args.length - 1] = (error: unknown, ...rest: unknown[]) => {
            if (error) onError(error, request);
            (done as (...all: unknown[]) => void)(error, ...rest);
          };
        }
        const result = original.apply(this, args);
        if (result instanceof Promise) result.catch((error: unknown) => onError(error, request));
        return result;
      },
    });
  }
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
