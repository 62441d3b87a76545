// What monitoring/ says, judged by Prometheus' own tools and Grafana's own types, and held against the runbook.
import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { describe, test } from "node:test";
import { run } from "../e2e/support/children.mjs";
import { alerts, dashboard, dashboardExpressions, read, root, runbookSections } from "./support/monitoring.mjs";

const promtool = async (...args) => {
  const { code, output } = await run("promtool", args, { cwd: `${root}monitoring` });
  assert.equal(code, 0, output);
};

test("Prometheus takes its configuration and rules", async () => {
  await promtool("check", "config", "prometheus.yml");
  await promtool("check", "rules", "--lint=all", "--lint-fatal", "rules.yml", "alerts.yml");
});

test("each alert fires when it should and at no other time", () => promtool("test", "rules", "alerts_test.yml"));

describe("each alert", async () => {
  const rules = await alerts();
  const sections = await runbookSections("The alerts");
  const tests = await read("monitoring/alerts_test.yml");
  const fired = new Set([...tests.matchAll(/alertname="(\w+)"/g)].map(([, name]) => name));

  test("pages somebody or opens a ticket, and says what it is about", () => {
    for (const { alert, labels, annotations } of rules) {
      assert.match(labels.severity, /^(page|ticket)$/, alert);
      assert.deepEqual(Object.keys(annotations), ["summary", "description", "runbook_url"], alert);
      assert.equal(annotations.runbook_url, `docs/runbook.md#${alert.toLowerCase()}`);
    }
  });
  test("has a test in which it fires, and no test is for one that does not exist", () =>
    assert.deepEqual([...fired].sort(), rules.map(({ alert }) => alert).sort()));
  test("has an entry in the runbook, and no entry is for one that does not exist", () =>
    assert.deepEqual(Object.keys(sections).sort(), rules.map(({ alert }) => alert).sort()));
  test("has an entry that says symptom, cause, check and mend", () => {
    for (const [alert, text] of Object.entries(sections)) {
      for (const part of ["**Symptom**", "**Cause**", "mend**", "```promql"]) {
        assert.ok(text.toLowerCase().includes(part.toLowerCase()), `${alert} has no ${part}`);
      }
    }
  });
});

describe("the dashboard", async () => {
  const board = await dashboard();

  test("is one, by Grafana's own types", async () => {
    const folder = await mkdtemp(`${root}tests/operations/.types-`);
    try {
      // An enum's members stand as plain text in JSON.
      await writeFile(`${folder}/dashboard.ts`, `
        import type { Dashboard } from "../node_modules/@grafana/schema/dist/types/raw/dashboard/x/types.gen";
        type Plain<T> = T extends string ? \`\${T}\` : T extends (infer U)[] ? Plain<U>[]
          : T extends object ? { [K in keyof T]: Plain<T[K]> } : T;
        export const dashboard: Plain<Dashboard> = ${await read("monitoring/dashboard.json")};`);
      const { code, output } = await run(`${root}tests/operations/node_modules/.bin/tsc`,
        ["--noEmit", "--strict", "--skipLibCheck", "--module", "esnext", "--moduleResolution", "bundler", `${folder}/dashboard.ts`]);
      assert.equal(code, 0, output);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  test("gives each panel an id and a place of its own", () => {
    const taken = new Set();
    for (const { title, gridPos: { x, y, w, h } } of board.panels) {
      assert.ok(x + w <= 24, title);
      for (let row = y; row < y + h; row += 1) {
        for (let column = x; column < x + w; column += 1) {
          assert.ok(!taken.has(`${row} ${column}`), `${title} lies over another panel`);
          taken.add(`${row} ${column}`);
        }
      }
    }
    assert.equal(new Set(board.panels.map(({ id }) => id)).size, board.panels.length);
  });

  test("can be narrowed to a service and a replica", () => {
    assert.deepEqual(board.templating.list.map(({ name }) => name), ["datasource", "job", "instance"]);
  });

  test("asks what Prometheus understands", async () => {
    const folder = await mkdtemp("/tmp/dashboard-");
    try {
      const rules = dashboardExpressions(board).map((expr, index) => ({ record: `panel:${index}`, expr }));
      await writeFile(`${folder}/panels.yml`, JSON.stringify({ groups: [{ name: "panels", rules }] }));
      await promtool("check", "rules", `${folder}/panels.yml`);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
