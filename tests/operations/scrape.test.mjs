// The application as it runs, scraped: by the test, which holds it against what monitoring/ names, and by a real Prometheus.
import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { after, before, describe, test } from "node:test";
import { parse, stringify } from "yaml";
import { Child, run } from "../e2e/support/children.mjs";
import { createDatabase } from "../e2e/support/database.mjs";
import { request } from "../e2e/support/http.mjs";
import { freePorts } from "../e2e/support/ports.mjs";
import { planStack, startStack } from "../e2e/support/stack.mjs";
import { signUp, takeToken } from "../e2e/support/user.mjs";
import { alerts, dashboard, dashboardExpressions, read, records, root, runbookExpressions } from "./support/monitoring.mjs";
import { metricsIn, selectorsIn, seriesOf } from "./support/promql.mjs";

const JOBS = ["verifier", "todo", "gateway", "web"];
// Prometheus' own.
const OWN = new Set(["up", "ALERTS"]);

describe("a stack that runs", { timeout: 600_000 }, async () => {
  const recorded = await records();
  const rules = [...recorded, ...(await alerts())];
  const expressions = [...rules.map(({ expr }) => expr), ...dashboardExpressions(await dashboard()), ...(await runbookExpressions())];
  let stack, ports, series, certificates;

  /** The services as they speak with each other in production, by one certificate for all of them. */
  async function mutualTls() {
    certificates = await mkdtemp("/tmp/certificates-");
    const { code, output } = await run(`${root}scripts/certificates`, [certificates, "stack"]);
    assert.equal(code, 0, output);
    const [certificate, key, ca] = ["tls.crt", "tls.key", "ca.crt"].map((file) => `${certificates}/stack/${file}`);
    return { GRPC_TLS_CERTIFICATE_FILE: certificate, GRPC_TLS_KEY_FILE: key, GRPC_TLS_CA_FILE: ca,
      GRPC_TLS_ALLOWED_PEERS: "stack", TODO_TLS_NAME: "stack", VERIFIER_TLS_NAME: "stack" };
  }

  /** What users do: the good, the wrong and the not allowed. */
  async function use() {
    const user = await signUp(stack.webUrl);
    const token = await takeToken(stack.webUrl, user);
    const tasks = `${stack.apiUrl}/api/${user.id}/tasks`;
    for (const [status, url, options] of [
      [201, tasks, { token, json: { title: "Watch" } }], [200, tasks, { token }], [401, tasks, { token: `${token.slice(0, -4)}AAAA` }],
      [401, tasks, {}], [403, `${stack.apiUrl}/api/another/tasks`, { token }], [200, `${stack.apiUrl}/readyz`, {}]]) {
      const answer = await request(options.json ? "POST" : "GET", url, options);
      assert.equal(answer.status, status, answer.text);
    }
  }

  before(async () => {
    const free = await freePorts(JOBS.length);
    ports = Object.fromEntries(JOBS.map((job, index) => [job, free[index]]));
    const admin = Object.fromEntries(JOBS.map((job) => [`${job.toUpperCase()}_ADMIN_PORT`, ports[job]]));
    stack = await startStack({}, await planStack({ NEON_DATABASE_URL: await createDatabase(), ...admin, ...(await mutualTls()) }));
    await use();
    series = (await Promise.all(JOBS.map(async (job) => {
      const answer = await request("GET", `http://127.0.0.1:${ports[job]}/metrics`);
      assert.equal(answer.status, 200, job);
      return seriesOf(answer.text).map((one) => ({ ...one, labels: { ...one.labels, job, instance: "here" } }));
    }))).flat();
  });
  after(async () => {
    await stack?.stop();
    if (certificates) await rm(certificates, { recursive: true });
  });

  test("has every metric that rules, dashboard and runbook name", () => {
    const names = new Set([...series.map(({ name }) => name), ...recorded.map(({ record }) => record), ...OWN]);
    const missing = new Set(expressions.flatMap((expr) => [...metricsIn(expr)]).filter((name) => !names.has(name)));
    assert.deepEqual([...missing], []);
  });

  test("has every label, and every value of one, that they choose by", () => {
    const missing = new Set();
    for (const { metric, labels } of expressions.flatMap(selectorsIn)) {
      const found = series.filter(({ name }) => name === metric);
      if (found.length === 0) continue; // recorded, or Prometheus' own
      for (const { label, values } of labels) {
        if (!found.some((one) => label in one.labels)) missing.add(`${metric}{${label}}`);
        for (const value of values) if (!found.some((one) => one.labels[label] === value)) missing.add(`${metric}{${label}="${value}"}`);
      }
    }
    assert.deepEqual([...missing], []);
  });

  test("has a series for each replica and service that the dashboard chooses from", () => {
    assert.deepEqual(new Set(series.filter(({ name }) => name === "build_info").map(({ labels }) => labels.job)), new Set(JOBS));
  });

  describe("and a real Prometheus", () => {
    let prometheus, folder, url;

    before(async () => {
      folder = await mkdtemp("/tmp/prometheus-");
      const config = parse(await read("monitoring/prometheus.yml"));
      config.global = { scrape_interval: "1s", scrape_timeout: "1s", evaluation_interval: "1s" };
      config.rule_files = config.rule_files.map((file) => `${root}monitoring/${file}`);
      // There is no DNS here that knows the services' names.
      config.scrape_configs = config.scrape_configs.map(({ job_name }) => ({ job_name, static_configs: [{ targets: [`127.0.0.1:${ports[job_name]}`] }] }));
      await writeFile(`${folder}/prometheus.yml`, stringify(config));
      const [port] = await freePorts(1);
      url = `http://127.0.0.1:${port}`;
      prometheus = new Child("prometheus", [`--config.file=${folder}/prometheus.yml`, `--storage.tsdb.path=${folder}/data`,
        `--web.listen-address=127.0.0.1:${port}`]);
      await prometheus.waitFor(/Server is ready to receive web requests/);
    });
    after(async () => {
      await prometheus?.stop();
      if (folder) await rm(folder, { recursive: true, force: true });
    });

    const ask = async (path) => {
      const answer = await request("GET", `${url}/api/v1/${path}`);
      assert.equal(answer.json?.status, "success", answer.text);
      return answer.json.data;
    };
    /** Asks until the answer holds; the test's own limit of time ends it. */
    async function until(path, holds) {
      for (;;) {
        const data = await ask(path);
        if (holds(data)) return data;
        await new Promise((resolve) => setTimeout(resolve, 200));
      }
    }

    test("finds every process up", async () => {
      const { activeTargets } = await until("targets", ({ activeTargets: targets }) => targets.length === JOBS.length && targets.every(({ health }) => health !== "unknown"));
      for (const { labels, health, lastError } of activeTargets) assert.equal(health, "up", `${labels.job}: ${lastError}`);
    });

    test("evaluates every rule, and no alert is even pending", async () => {
      await until("query?query=up", ({ result }) => result.length === JOBS.length);
      await use();
      const evaluated = ({ groups }) => groups.flatMap((group) => group.rules).every(({ health }) => health !== "unknown");
      const { groups } = await until("rules", evaluated);
      const all = groups.flatMap((group) => group.rules);
      assert.equal(all.length, rules.length);
      for (const { name, health, lastError } of all) assert.equal(health, "ok", `${name}: ${lastError}`);
      // The first evaluations may have been before the first scrape.
      const { alerts: pending } = await until("alerts", ({ alerts: found }) => found.length === 0);
      assert.deepEqual(pending, []);
      assert.match((await ask("query?query=ALERTS")).resultType, /vector/);
    });

    test("answers what dashboard and runbook ask", async () => {
      for (const expr of expressions) await ask(`query?query=${encodeURIComponent(expr)}`);
      // As the runbook asks, by hand.
      const { code, output } = await run("promtool", ["query", "instant", url, "up"]);
      assert.equal(code, 0, output);
      assert.equal(output.trim().split("\n").length, JOBS.length);
    });

    test("sees the four that the guide names", async () => {
      for (const record of ["auth:token_validation_success:ratio_rate5m", "auth:token_expired:ratio_rate5m", "jwks:usable_for:seconds", "authz:cross_user_denied:increase1h"]) {
        await until(`query?query=${record}`, ({ result }) => result.length > 0);
      }
    });
  });
});
