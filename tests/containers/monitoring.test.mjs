// Prometheus beside the services: it finds every process, and no other port is published for it.
import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { after, before, test } from "node:test";
import { run } from "../e2e/support/children.mjs";
import { Deployment, must } from "./support/deployment.mjs";

const IMAGE = "prom/prometheus:v3.5.0";
let deployment, folder;

/** The image that compose.yaml names; where no registry has it, one of the same form from Debian's package. */
async function prometheusImage() {
  const isThere = async () => (await run("docker", ["image", "inspect", IMAGE])).code === 0 || (await run("docker", ["pull", "-q", IMAGE])).code === 0;
  if (await isThere()) return IMAGE;
  folder = await mkdtemp("/tmp/prometheus-");
  await writeFile(`${folder}/Dockerfile`, `FROM debian:bookworm-slim
RUN apt-get update && apt-get install -y --no-install-recommends prometheus && rm -rf /var/lib/apt/lists/* \\
 && install --directory --owner=65534 --group=65534 /prometheus
ENTRYPOINT ["prometheus"]
`);
  await must("docker", ["build", "-q", "-t", "todo-jwt/prometheus-of-debian", folder]);
  return "todo-jwt/prometheus-of-debian";
}

before(async () => {
  deployment = await Deployment.create({ COMPOSE_PROFILES: "all-in-one,monitoring", PROMETHEUS_IMAGE: await prometheusImage() });
  await deployment.build();
  await deployment.compose("up", "-d", "--scale", "todo=2");
  await deployment.untilHealthy();
});
after(async () => {
  await deployment?.remove();
  if (folder) await rm(folder, { recursive: true, force: true });
});

/** The job of each target, once as many are known as there must be. */
async function targets(count) {
  const deadline = Date.now() + 90_000;
  for (;;) {
    const { output } = await deployment.exec("prometheus", "promtool", "query", "instant", "http://localhost:9090", "up");
    const found = [...output.matchAll(/^up\{.*job="(\w+)".*\} => \d/gm)].map(([, job]) => job).sort();
    if (found.length >= count || Date.now() > deadline) return found;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

test("every process is found, each replica too", async () => {
  assert.deepEqual(await targets(5), ["gateway", "todo", "todo", "verifier", "web"]);
});

test("its rules are loaded", async () => {
  const { output } = await deployment.exec("prometheus", "promtool", "query", "instant", "http://localhost:9090", "prometheus_rule_group_rules");
  assert.match(output, /alerts\.yml/);
  assert.match(output, /rules\.yml/);
});

test("it is confined as the others are, and publishes nothing", async () => {
  const [{ Config, HostConfig, NetworkSettings }] = await deployment.inspect("prometheus");
  assert.equal(Config.User, "65534:65534");
  assert.equal(HostConfig.ReadonlyRootfs, true);
  assert.deepEqual(HostConfig.CapDrop, ["ALL"]);
  assert.ok(HostConfig.Memory > 0 && HostConfig.PidsLimit > 0);
  assert.ok(Object.values(NetworkSettings.Ports).every((hosts) => hosts === null));
});
