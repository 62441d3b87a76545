// Puts the parts together, from a Config to a server that is not listening yet.
import type { Server } from "node:http";
import type pg from "pg";
import { type Auth, createAuth } from "./auth.ts";
import type { Config } from "./config.ts";
import { createPool } from "./database.ts";
import { Readiness } from "./health.ts";
import { createHttpServer } from "./http_server.ts";
import type { Log } from "./log.ts";
import { databaseErrorClass, type Metrics } from "./metrics.ts";
import { createRoutes } from "./routes.ts";
import { securityHeaders } from "./security_headers.ts";
import { SigningKeys } from "./signing_keys.ts";
import type { StaticFiles } from "./static_files.ts";

/** Longer than any statement of ours takes, shorter than a client waits. */
const QUERY_TIMEOUT_MS = 5_000;

export interface WebApp {
  server: Server;
  auth: Auth;
  pool: pg.Pool;
  keys: SigningKeys;
  readiness: Readiness;
}

export function createWebApp(config: Config, files: StaticFiles, log: Log, metrics: Metrics): WebApp {
  const pool = createPool({
    databaseUrl: config.databaseUrl,
    log,
    queryTimeoutMs: QUERY_TIMEOUT_MS,
    onError: (error, request) => {
      metrics.databaseFailed(error);
      if (request !== undefined) request.databaseFailure ??= databaseErrorClass(error);
    },
  });
  const auth = createAuth(config, pool, log);
  const keys = new SigningKeys(auth, pool, config.signingAlgorithm);
  const readiness = new Readiness(pool, keys);
  metrics.watchReadiness(() => readiness.known);
  const findRoute = createRoutes({ config, auth, keys, readiness, files, log });
  const { trustedProxies } = config;
  const server = createHttpServer({
    findRoute,
    headers: securityHeaders(config),
    log,
    metrics,
    readiness,
    trustedProxies,
  });
  return { server, auth, pool, keys, readiness };
}
