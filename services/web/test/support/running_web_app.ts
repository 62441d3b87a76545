// The real server on a free port, with real Better Auth on a real database.
import type { AddressInfo } from "node:net";
import { addressSet } from "../../server/client_address.ts";
import type { Config } from "../../server/config.ts";
import { createLog } from "../../server/log.ts";
import { Metrics } from "../../server/metrics.ts";
import { migrate } from "../../server/migrate.ts";
import { ROUTE_NAMES } from "../../server/routes.ts";
import { type StaticFiles } from "../../server/static_files.ts";
import { createWebApp, type WebApp } from "../../server/web_app.ts";

export const ORIGIN = "http://web.example.test";
export const SECRET = "a-secret-that-only-the-tests-know-0123456789";

export interface RunningWebApp extends WebApp {
  url: string;
  logLines: string[];
  metrics: Metrics;
  close(): Promise<void>;
}

export function testConfig(databaseUrl: string, changes: Partial<Config> = {}): Config {
  return {
    host: "127.0.0.1",
    port: 0,
    publicOrigin: ORIGIN,
    secret: SECRET,
    databaseUrl,
    signingAlgorithm: "EdDSA",
    apiUrl: "http://api.example.test",
    authMode: "jwt",
    rateLimit: false,
    trustedProxies: addressSet([]),
    debug: false,
    adminHost: "127.0.0.1",
    adminPort: undefined,
    variables: "",
    ...changes,
  };
}

export interface StartOptions {
  files?: StaticFiles;
  migrated?: boolean;
}

export async function startWebApp(config: Config, options: StartOptions = {}): Promise<RunningWebApp> {
  const logLines: string[] = [];
  const metrics = new Metrics({ version: "1.2.3", routes: ROUTE_NAMES });
  const log = createLog({
    debug: false,
    write: (line) => logLines.push(line) > 0,
    count: (kind) => metrics.logged(kind),
  });
  const app = createWebApp(config, options.files ?? new Map(), log, metrics);
  if (options.migrated ?? true) await migrate(app.auth, app.pool);
  await new Promise<void>((resolve) => app.server.listen(0, config.host, resolve));
  const { port } = app.server.address() as AddressInfo;
  return {
    ...app,
    url: `http://127.0.0.1:${port}`,
    logLines,
    metrics,
    close: async () => {
      app.server.closeAllConnections();
      await new Promise((resolve) => app.server.close(resolve));
      await app.pool.end();
    },
  };
}
