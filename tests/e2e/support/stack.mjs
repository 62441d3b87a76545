// The whole application, started as an operator starts it: by scripts/run.
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { Child } from "./children.mjs";
import { freePorts } from "./ports.mjs";

export const root = fileURLToPath(new URL("../../../", import.meta.url));

/** A folder for data that the user postgres can reach. */
export async function makeDataFolder() {
  const folder = await mkdtemp("/tmp/todo-e2e-");
  await chmod(folder, 0o755);
  return folder;
}

/** Ports and addresses of a stack that has not been started. */
export async function planStack(environment = {}) {
  const [port, webPort, todoPort, verifierPort] = await freePorts(4);
  return {
    apiUrl: `http://localhost:${port}`,
    webUrl: `http://localhost:${webPort}`,
    todoAddress: `http://127.0.0.1:${todoPort}`,
    environment: {
      ...process.env,
      NEON_DATABASE_URL: "",
      BETTER_AUTH_URL: "",
      PORT: port,
      WEB_PORT: webPort,
      TODO_PORT: todoPort,
      VERIFIER_PORT: verifierPort,
      AUTH_MODE: "jwt",
      AUTH_RATE_LIMIT: "false", // all the users of the tests come from one address
      USER_RATE: "0", // a test that waits asks as often as it can
      ...environment,
    },
  };
}

/** Starts scripts/run and resolves when it says that everything answers. */
export async function startStack(environment = {}, plan = undefined) {
  const { environment: planned, ...addresses } = plan ?? (await planStack(environment));
  const dataFolder = planned.DATA_DIR ?? (await makeDataFolder());
  const script = new Child(`${root}scripts/run`, [], { env: { ...planned, DATA_DIR: dataFolder } });
  const [, url] = await script.waitFor(/^ready (\S+)$/m);
  return {
    ...addresses,
    url,
    dataFolder,
    script,
    /** Stops it as Ctrl-C does and removes its data. */
    async stop() {
      const ended = await script.stop("SIGINT");
      await rm(dataFolder, { recursive: true, force: true });
      return ended;
    },
  };
}
