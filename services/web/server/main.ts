// The web server: `main.js` serves, `main.js migrate` prepares the database, `main.js --check-config` only checks the
// configuration, `main.js --healthcheck` asks the server that runs with it whether it is alive.
import { readFileSync } from "node:fs";
import type { AddressInfo, Server } from "node:net";
import { constants } from "node:os";
import { fileURLToPath } from "node:url";
import { createAdminServer } from "./admin_server.ts";
import { createAuth } from "./auth.ts";
import { type Config, ConfigError, readConfig } from "./config.ts";
import { createPool } from "./database.ts";
import { healthcheck } from "./health_probe.ts";
import { createLog, errorFields, type Fields, type Log } from "./log.ts";
import { standardOutput } from "./log_output.ts";
import { Metrics } from "./metrics.ts";
import { migrate } from "./migrate.ts";
import { ROUTE_NAMES } from "./routes.ts";
import { closeGracefully } from "./shutdown.ts";
import { loadStaticFiles } from "./static_files.ts";
import { createWebApp, type WebApp } from "./web_app.ts";

const APP_FOLDER = fileURLToPath(new URL("../app", import.meta.url));
const PACKAGE = fileURLToPath(new URL("../../package.json", import.meta.url));
/** How long a server that is about to end goes on accepting, so that whoever asks /readyz hears of it first. */
const FAREWELL_MS = 500;
/** Leaves room below the ten seconds in which the process is to be gone. */
const DRAIN_MS = 8_000;

async function main(command: string | undefined): Promise<number> {
  if (command === "--version") {
    process.stdout.write(`todo-web ${version()}\n`);
    return 0;
  }
  const config = readConfig();
  const metrics = new Metrics({ version: version(), routes: ROUTE_NAMES });
  const log = createLog({
    debug: config.debug,
    write: standardOutput(),
    count: (kind) => metrics.logged(kind),
  });
  switch (command) {
    case undefined:
      return serve(config, log, metrics);
    case "migrate":
      return runMigrations(config, log);
    case "--check-config":
      process.stdout.write("The configuration is complete.\n");
      return 0;
    case "--healthcheck":
      return healthcheck(config);
    default:
      process.stderr.write("usage: main.js [migrate | --check-config | --healthcheck | --version]\n");
      return 1;
  }
}

function version(): string {
  return (JSON.parse(readFileSync(PACKAGE, "utf8")) as { version: string }).version;
}

async function runMigrations(config: Config, log: Log): Promise<number> {
  const pool = createPool({ databaseUrl: config.databaseUrl, log });
  try {
    const result = await migrate(createAuth(config, pool, log), pool);
    log("info", "migrated", { tables_created: result.tablesCreated, tables_changed: result.tablesChanged });
    return 0;
  } catch (error) {
    const hint = "Check that PostgreSQL is reachable and that its user may create a schema and tables.";
    log("error", "migration_failed", { ...errorFields(error), hint });
    return 1;
  } finally {
    await pool.end();
  }
}

async function serve(config: Config, log: Log, metrics: Metrics): Promise<number> {
  log("info", "started", { version: version(), variables: config.variables });
  const app = createWebApp(config, loadStaticFiles(APP_FOLDER), log, metrics);
  const stopped = stopSignal();
  if (!(await listening(app.server, config, log)) || !(await adminListening(app, config, log, metrics))) {
    await app.pool.end();
    return 1;
  }
  prepareKeys(app, log);
  log("info", "draining", { signal: await stopped });
  app.readiness.drain();
  await new Promise((resolve) => setTimeout(resolve, FAREWELL_MS));
  const finished = await closeGracefully(app.server, DRAIN_MS);
  await Promise.race([app.pool.end(), new Promise((resolve) => setTimeout(resolve, 1_000))]);
  log("info", "stopped", { in_flight_finished: finished });
  return 0;
}

/** A second signal while the process shuts down ends it at once, also as the first process of a container, where a signal has no default effect. */
function stopSignal(): Promise<NodeJS.Signals> {
  const signals = ["SIGTERM", "SIGINT"] as const;
  return new Promise((resolve) => {
    const end = (signal: NodeJS.Signals) => {
      for (const each of signals) process.removeAllListeners(each);
      process.kill(process.pid, signal);
      process.exit(128 + constants.signals[signal]);
    };
    const stop = (signal: NodeJS.Signals) => {
      for (const each of signals) process.off(each, stop).on(each, end);
      resolve(signal);
    };
    for (const each of signals) process.on(each, stop);
  });
}

function listening(server: Server, config: Config, log: Log): Promise<boolean> {
  const address = { host: config.host, port: config.port, variables: ["HOST", "WEB_PORT"] as const };
  return listen(server, address, log, "listening", { public_origin: config.publicOrigin });
}

async function adminListening(app: WebApp, config: Config, log: Log, metrics: Metrics): Promise<boolean> {
  if (config.adminPort === undefined) return true;
  const admin = createAdminServer({ registry: metrics.registry, readiness: app.readiness });
  const address = {
    host: config.adminHost,
    port: config.adminPort,
    variables: ["ADMIN_HOST", "WEB_ADMIN_PORT"] as const,
  };
  return listen(admin, address, log, "listening_admin");
}

interface Address {
  host: string;
  port: number;
  /** Those that set them. */
  variables: readonly [host: string, port: string];
}

function listen(server: Server, address: Address, log: Log, event: string, fields: Fields = {}): Promise<boolean> {
  const [hostVariable, portVariable] = address.variables;
  return new Promise((resolve) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      const hint =
        error.code === "EADDRINUSE"
          ? `Port ${address.port} is in use. Stop what listens there, or set ${portVariable} to another port.`
          : `Check ${hostVariable} and ${portVariable}.`;
      log("error", "startup_failed", { ...errorFields(error), address: address.host, port: address.port, hint });
      resolve(false);
    });
    server.listen(address.port, address.host, () => {
      const { port } = server.address() as AddressInfo;
      log("info", event, { address: address.host, port, ...fields });
      resolve(true);
    });
  });
}

/** A failure here is not the end: each request that needs the keys tries again. */
function prepareKeys(app: WebApp, log: Log): void {
  app.keys.ready().then(
    () => log("info", "signing_keys_ready"),
    (error: unknown) => {
      const hint = "PostgreSQL did not answer; each request tries again until it does.";
      log("warning", "signing_keys_not_ready", { hint, ...errorFields(error) });
    },
  );
}

try {
  // Exits by itself rather than waiting for idle connections of libraries.
  process.exit(await main(process.argv[2]));
} catch (error) {
  if (error instanceof ConfigError) {
    process.stderr.write(`The configuration has ${error.faults.length} fault(s):\n${error.message}\n`);
  } else {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  }
  process.exit(1);
}
