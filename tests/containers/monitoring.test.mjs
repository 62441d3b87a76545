// Prometheus beside the services: it finds every process, evaluates its rules, and no other port is published for it.
import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { after, before, test } from "node:test";
import { isDeepStrictEqual } from "node:util";
import { run } from "../e2e/support/children.mjs";
import { request } from "../e2e/support/http.mjs";
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

/** What Prometheus answers; it publishes no port, but this machine is on its networks. */
async function ask(path) {
  const [container] = await deployment.inspect("prometheus");
  const answer = await request("GET", `http://${await deployment.addressOf(container, "services")}:9090/api/v1/${path}`);
  assert.equal(answer.status, 200, answer.text);
  return answer.json.data;
}

async function eventually(what, holds, seconds = 180) {
  const deadline = Date.now() + seconds * 1000;
  for (let last; ; await new Promise((resolve) => setTimeout(resolve, 500))) {
    if ((last = await holds()) === true) return;
    assert.ok(Date.now() < deadline, `${what}: not within ${seconds} s: ${JSON.stringify(last)}`);
  }
}

test("every process is found and scraped, each replica too", () =>
  eventually("five targets are up", async () => {
    const { activeTargets } = await ask("targets?state=active");
    const up = activeTargets.filter(({ health }) => health === "up").map(({ labels }) => labels.job).sort();
    return isDeepStrictEqual(up, ["gateway", "todo", "todo", "verifier", "web"]) || activeTargets.map(({ scrapeUrl, health, lastError }) => ({ scrapeUrl, health, lastError }));
  }));

test("its rules are loaded, and are evaluated without a fault", () =>
  eventually("all rules are well", async () => {
    const { groups } = await ask("rules");
    assert.deepEqual([...new Set(groups.map(({ file }) => file))].sort(), ["/etc/prometheus/alerts.yml", "/etc/prometheus/rules.yml"]);
    const unwell = groups.flatMap(({ rules }) => rules).filter(({ health }) => health !== "ok").map(({ name, health, lastError }) => ({ name, health, lastError }));
    return unwell.length === 0 || unwell;
  }));

test("no alert fires while users do what users do", async () => {
  const { code, output } = await deployment.script("smoke", deployment.webUrl, deployment.apiUrl);
  assert.equal(code, 0, output);
  const total = 'sum(auth_token_validations_total{job="todo", result="ok"}) > 0';
  await eventually("what was done is scraped", async () => (await ask(`query?query=${encodeURIComponent(total)}`)).result.length === 1);
  const { alerts } = await ask("alerts");
  assert.deepEqual(alerts.filter(({ state }) => state === "firing").map(({ labels }) => labels), []);
});

test("it is confined as the others are, and publishes nothing", async () => {
  const [{ Config, HostConfig, NetworkSettings }] = await deployment.inspect("prometheus");
  assert.equal(Config.User, "65534:65534");
  assert.equal(HostConfig.ReadonlyRootfs, true);
  assert.deepEqual(HostConfig.CapDrop, ["ALL"]);
  assert.ok(HostConfig.Memory > 0 && HostConfig.PidsLimit > 0);
  assert.ok(Object.values(NetworkSettings.Ports).every((hosts) => hosts === null));
});
