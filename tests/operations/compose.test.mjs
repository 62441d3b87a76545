// What monitoring/ says of the containers is what compose.yaml says.
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

