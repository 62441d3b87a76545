// What monitoring/ and .env.example say of the containers is what compose.yaml says.
import assert from "node:assert/strict";
import { test } from "node:test";
import { parse } from "yaml";
import { read, records } from "./support/monitoring.mjs";

const services = async () => parse(await read("compose.yaml"), { merge: true }).services;

test("the limits of memory are those of compose.yaml", async () => {
  const all = await services();
  const bytes = (text) => Number(text.replace(/[mg]$/, "")) * (text.endsWith("g") ? 1024 : 1) * 1024 ** 2;
  const limits = (await records()).filter(({ record }) => record === "job:memory_limit:bytes");
  assert.equal(limits.length, 4);
  for (const { labels, expr } of limits) {
    const [, mebibytes] = expr.match(/^vector\((\d+) \* 1024 \^ 2\)$/);
    assert.equal(Number(mebibytes) * 1024 ** 2, bytes(all[labels.job].mem_limit), labels.job);
  }
});

test("every process of compose.yaml is scraped, by its name and on its admin port", async () => {
  const all = await services();
  const admin = Object.entries(all).filter(([, { environment }]) =>
    Object.entries(environment ?? {}).some(([name, value]) => name.endsWith("_ADMIN_PORT") && String(value) === "9100"));
  const names = admin.map(([name]) => name).filter((name) => !name.startsWith("migrate"));
  const { scrape_configs } = parse(await read("monitoring/prometheus.yml"));
  const scraped = scrape_configs.map((config) => {
    const [{ names: [name], type, port }] = config.dns_sd_configs;
    assert.deepEqual([config.job_name, type, port], [name, "A", 9100]);
    return name;
  });
  assert.deepEqual(scraped.sort(), names.sort());
});


test("every line of .env.example reaches a container, and whatever compose.yaml leaves to .env stands there", async () => {
  const passed = new Set([...(await read("compose.yaml")).matchAll(/\$\{([A-Z_]+)/g)].map(([, name]) => name));
  for (const { environment = {} } of Object.values(await services())) {
    for (const [name, value] of Object.entries(environment)) if (value === null) passed.add(name);
  }
  const explained = [...(await read(".env.example")).matchAll(/^#?([A-Z_]+)=/gm)].map(([, name]) => name);
  // Compose's own, and the secrets, which the job `certificates` reads from the file itself.
  const others = ["COMPOSE_PROJECT_NAME", "BETTER_AUTH_SECRET", "NEON_DATABASE_URL", "NEON_DATABASE_DIRECT_URL"];
  assert.deepEqual(explained.filter((name) => !passed.has(name)).sort(), others.sort());
  assert.deepEqual([...passed].filter((name) => !explained.includes(name.replace(/_FILE$/, ""))), []);
});

test("gateway and web believe the same proxies, which are Docker's networks unless .env says otherwise", async () => {
  const { gateway, web } = await services();
  assert.equal(gateway.environment.TRUSTED_PROXIES, "${TRUSTED_PROXIES:-172.16.0.0/12,192.168.0.0/16}");
  assert.equal(web.environment.TRUSTED_PROXIES, gateway.environment.TRUSTED_PROXIES);
});
