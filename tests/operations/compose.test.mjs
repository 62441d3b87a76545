// compose.yaml and .env.example, as far as they can be looked at without a Docker engine.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { parse } from "yaml";
import { run } from "../e2e/support/children.mjs";
import { root } from "../e2e/support/stack.mjs";

const read = (name) => readFile(`${root}${name}`, "utf8");
const compose = await read("compose.yaml");
const services = parse(compose, { merge: true }).services;

test("compose.yaml is what the Compose specification says that such a file is", async () => {
  const { output } = await run(`${root}tests/operations/node_modules/.bin/dclint`, ["-f", "json", `${root}compose.yaml`]);
  const messages = JSON.parse(output).flatMap((file) => file.messages);
  assert.ok(messages.length > 0, "its other rules, which are matters of taste, have always something to say");
  assert.deepEqual(messages.filter(({ rule }) => /schema|duplicate|no-version/.test(rule)), []);
});

test("every service and job is confined", () => {
  for (const [name, service] of Object.entries(services)) {
    assert.equal(service.read_only, true, name);
    assert.deepEqual(service.cap_drop, ["ALL"], name);
    assert.deepEqual(service.security_opt, ["no-new-privileges:true"], name);
    assert.ok(service.mem_limit && service.pids_limit, name);
    assert.equal(service.cap_add ?? service.privileged ?? service.devices, undefined, name);
    for (const port of service.ports ?? []) assert.match(port, /^127\.0\.0\.1:/, name);
  }
});

test("only what is built here, and images with a tag, is run", () => {
  for (const [name, { image }] of Object.entries(services)) assert.match(image, /^[^:$]*:(\$\{TODO_JWT_VERSION|15-bookworm$)|^\$\{PROMETHEUS_IMAGE:-[^:]+:v[\d.]+\}$/, name);
});

test(".env.example explains every variable that compose.yaml reads, and no other", async () => {
  const fixed = ["COMPOSE_PROJECT_NAME", "HOST"];
  const passed = Object.values(services).flatMap(({ environment }) => Object.entries(environment ?? {}).filter(([, value]) => value === null).map(([name]) => name));
  const interpolated = [...compose.matchAll(/\$\{([A-Z_]+)/g)].map(([, name]) => name);
  // What scripts/secrets hands out does not pass through compose.yaml.
  const secrets = [...(await read("scripts/secrets")).matchAll(/given ([A-Z_]+)\)/g)].map(([, name]) => name);
  const wanted = new Set([...passed, ...interpolated, ...secrets].map((name) => name.replace(/_FILE$/, "")));
  const explained = new Set([...(await read(".env.example")).matchAll(/^(?:# {2,})?#? *([A-Z][A-Z_]+)=/gm)].map(([, name]) => name).filter((name) => !fixed.includes(name)));
  assert.deepEqual([...explained].sort(), [...wanted].sort());
});
