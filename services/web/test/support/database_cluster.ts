// Vitest global set-up: a private PostgreSQL cluster for the run, on a Unix socket only,
// or the server that TEST_DATABASE_URL names.
import { spawnSync } from "node:child_process";
import { chownSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";

declare module "vitest" {
  interface ProvidedContext {
    databaseServerUrl: string;
  }
}

const BINARIES_ROOT = "/usr/lib/postgresql";

export default function setup(project: TestProject): (() => void) | undefined {
  const given = process.env["TEST_DATABASE_URL"];
  if (given) {
    project.provide("databaseServerUrl", given);
    return undefined;
  }
  const cluster = startCluster();
  project.provide("databaseServerUrl", cluster.url);
  return () => cluster.stop();
}

export interface Cluster {
  url: string;
  restart(): void;
  stop(): void;
}

export function startCluster(): Cluster {
  const folder = mkdtempSync(join(tmpdir(), "web-test-postgresql-"));
  const data = join(folder, "data");
  const owner = clusterOwner();
  if (owner !== undefined) chownSync(folder, owner.uid, owner.gid);
  const control = (...args: string[]) => run(owner, "pg_ctl", "--pgdata", data, "--wait", ...args);
  const log = join(folder, "log");
  // Durability is of no use to a cluster that is thrown away.
  const options = `-c listen_addresses='' -c unix_socket_directories='${folder}' -c fsync=off`;
  try {
    run(owner, "initdb", "--pgdata", data, "--username", "postgres", "--auth", "trust", "--no-sync");
    control("start", "--log", log, "--options", options);
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
  return {
    url: `postgresql://postgres@localhost/postgres?host=${encodeURIComponent(folder)}`,
    restart: () => control("restart", "--log", log, "--mode", "fast"),
    stop: () => {
      control("stop", "--mode", "immediate");
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

interface Owner {
  uid: number;
  gid: number;
}

/** PostgreSQL refuses to run as root: then it runs as the system's postgres user. */
function clusterOwner(): Owner | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const id = (flag: string) => {
    const result = spawnSync("id", [flag, "postgres"], { encoding: "utf8" });
    if (result.status !== 0) {
      throw new Error("There is no postgres user. Install PostgreSQL, or set TEST_DATABASE_URL.");
    }
    return Number(result.stdout);
  };
  return { uid: id("-u"), gid: id("-g") };
}

function run(owner: Owner | undefined, program: string, ...args: string[]): void {
  const result = spawnSync(binary(program), args, {
    ...owner,
    cwd: "/",
    encoding: "utf8",
    // A server that inherits our pipes would keep this call waiting for their end.
    stdio: ["ignore", program === "pg_ctl" ? "ignore" : "pipe", program === "pg_ctl" ? "ignore" : "pipe"],
    env: { PATH: process.env["PATH"], LC_ALL: "C" },
  });
  if (result.status === 0) return;
  throw new Error(`${program} ${args.join(" ")} failed: ${[result.stderr, result.error].filter(Boolean).join(" ")}`);
}

function binary(program: string): string {
  const versions = readdirSync(BINARIES_ROOT).sort((a, b) => Number(b) - Number(a));
  const [newest] = versions;
  if (newest === undefined) throw new Error("PostgreSQL is missing: install it, or set TEST_DATABASE_URL.");
  return join(BINARIES_ROOT, newest, "bin", program);
}
