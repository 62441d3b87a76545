// An installation as an operator makes it: a clean clone, an `.env`, and compose.
import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { run } from "../../e2e/support/children.mjs";
import { request } from "../../e2e/support/http.mjs";
import { freePorts } from "../../e2e/support/ports.mjs";
import { root } from "../../e2e/support/stack.mjs";

/** Images of the tests have a tag of their own, so that an installation on the same machine keeps its own. */
const VERSION = "under-test";

/** Runs a program and gives its output; anything but exit code 0 is a failure. */
export async function must(command, args, options) {
  const { code, output } = await run(command, args, options);
  assert.equal(code, 0, `${command} ${args.join(" ")}\n${output}`);
  return output.trim();
}

const hasPlugin = (await run("docker", ["compose", "version"])).code === 0;
const [program, ...first] = hasPlugin ? ["docker", "compose"] : ["docker-compose"];

export class Deployment {
  static #count = 0;

  /** Clones what is committed or about to be, and writes .env.example with these lines in the place of those of the same name. */
  static async create(settings = {}) {
    const folder = await mkdtemp("/tmp/containers-");
    const list = `git -C '${root}' ls-files -z --cached --others --exclude-standard`;
    await must("bash", ["-c", `set -o pipefail; ${list} | tar -C '${root}' --null --files-from=- --ignore-failed-read -c | tar -C '${folder}' -x`]);
    const [port, webPort] = await freePorts(2);
    const deployment = new Deployment(folder, port, webPort);
    await deployment.configure({
      COMPOSE_PROJECT_NAME: deployment.project,
      TODO_JWT_VERSION: VERSION,
      PORT: port,
      WEB_PORT: webPort,
      BETTER_AUTH_URL: deployment.webUrl,
      API_URL: deployment.apiUrl,
      ALLOWED_ORIGINS: deployment.webUrl,
      AUTH_RATE_LIMIT: "false", // all the users of the tests come from one address
      ...settings,
    });
    return deployment;
  }

  constructor(folder, port, webPort) {
    this.folder = folder;
    this.project = `todo-test-${process.pid}-${(Deployment.#count += 1)}`;
    this.version = VERSION;
    this.ports = [port, webPort];
    this.apiUrl = `http://localhost:${port}`;
    this.webUrl = `http://localhost:${webPort}`;
    // Only what is in `.env` decides.
    const names = ["PATH", "HOME", "DOCKER_HOST", "DOCKER_BUILDKIT", "COMPOSE_DOCKER_CLI_BUILD", "DOCKER_TLS_VERIFY", "DOCKER_CERT_PATH"];
    this.environment = Object.fromEntries(names.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])));
  }

  /** Changes lines of `.env`, as with an editor; null comments one out. */
  async configure(changes) {
    const file = `${this.folder}/.env`;
    const before = await readFile(file, "utf8").catch(() => readFile(`${this.folder}/.env.example`, "utf8"));
    let text = before;
    for (const [name, value] of Object.entries(changes)) {
      const line = value === null ? `#${name}=` : `${name}=${value}`;
      const found = new RegExp(`^#?${name}=.*$`, "m");
      text = found.test(text) ? text.replace(found, () => line) : `${text}${line}\n`;
    }
    await writeFile(file, text);
  }

  runCompose(...args) {
    return run(program, [...first, ...args], { cwd: this.folder, env: this.environment });
  }

  compose(...args) {
    return must(program, [...first, ...args], { cwd: this.folder, env: this.environment });
  }

  /** Builds the images of all profiles' services; IMAGES_ARE_BUILT=1 says that those of an earlier run are to be tried. */
  async build() {
    if (process.env.IMAGES_ARE_BUILT !== "1") await this.compose("build");
  }

  script(name, ...args) {
    return run(`${this.folder}/scripts/${name}`, args, { cwd: this.folder, env: this.environment });
  }

  /** The ids of a service's containers, of all services where none is named; those that have ended among them. */
  async containers(service) {
    const labels = [`label=com.docker.compose.project=${this.project}`];
    if (service !== undefined) labels.push(`label=com.docker.compose.service=${service}`);
    // Whoever came up by `run` is no part of the installation.
    labels.push("label=com.docker.compose.oneoff=False");
    const output = await must("docker", ["ps", "-aq", "--no-trunc", ...labels.flatMap((label) => ["--filter", label])]);
    return output.split("\n").filter(Boolean);
  }

  /** What `docker inspect` says of them, with the service's name. */
  async inspect(service) {
    const ids = await this.containers(service);
    if (ids.length === 0) return [];
    const containers = JSON.parse(await must("docker", ["inspect", ...ids]));
    return containers.map((container) => ({ ...container, service: container.Config.Labels["com.docker.compose.service"] }));
  }

  /** Resolves once every container that is to run is healthy and answers at the published ports. */
  async untilHealthy(seconds = 120) {
    const deadline = Date.now() + seconds * 1000;
    for (;;) {
      const waiting = (await this.inspect()).filter(({ State }) => State.Running && State.Health?.Status !== "healthy");
      const answers = await Promise.all([`${this.apiUrl}/readyz`, `${this.webUrl}/readyz`].map(statusOf));
      if (waiting.length === 0 && answers.every((status) => status === 200 || status === "none")) return;
      if (Date.now() > deadline) {
        const logs = (await this.runCompose("logs", "--no-color", "--tail=20")).output;
        assert.fail(`not healthy after ${seconds} s: ${waiting.map(({ service }) => service)} ${answers}\n${logs}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
  }

  /** Runs a command in the first container of a service. */
  async exec(service, ...command) {
    const [id] = await this.containers(service);
    return run("docker", ["exec", id, ...command]);
  }

  /** Runs a command in a container of its own with the volumes of all services before it, and gives what it prints. */
  inSetup(command) {
    return this.compose("run", "--rm", "-T", "--no-deps", "certificates", "sh", "-c", command);
  }

  async addressOf(container, network) {
    return container.NetworkSettings.Networks[`${this.project}_${network}`].IPAddress;
  }

  async remove() {
    await this.runCompose("down", "--volumes", "--remove-orphans", "--timeout", "5");
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** The status of an answer; "none" where nothing listens. */
export async function statusOf(url) {
  try {
    return (await request("GET", url)).status;
  } catch (error) {
    return error.cause?.code === "ECONNREFUSED" ? "none" : String(error.cause?.code ?? error);
  }
}
