// The files of monitoring/ and the runbook, read for the tests.
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { parse } from "yaml";

export const root = fileURLToPath(new URL("../../../", import.meta.url));
export const read = (path) => readFile(root + path, "utf8");

const rulesOf = async (path) => parse(await read(path)).groups.flatMap(({ rules }) => rules);
export const records = () => rulesOf("monitoring/rules.yml");
export const alerts = () => rulesOf("monitoring/alerts.yml");

export const dashboard = async () => JSON.parse(await read("monitoring/dashboard.json"));

/** What the panels ask, with the choices made that a reader would make. */
export const dashboardExpressions = (board) =>
  board.panels.flatMap(({ targets = [] }) => targets).map(({ expr }) =>
    expr.replaceAll("$__rate_interval", "1m").replaceAll(/"\$(job|instance)"/g, '".+"'));

/** The entries of a section of docs/runbook.md by their headings. */
export async function runbookSections(section) {
  const [, text] = (await read("docs/runbook.md")).split(`\n## ${section}\n`);
  const entries = text.split(/\n## /)[0].split(/\n### /).slice(1);
  return Object.fromEntries(entries.map((entry) => [entry.split("\n", 1)[0], entry]));
}

/** The PromQL of the runbook. */
export const runbookExpressions = async () =>
  [...(await read("docs/runbook.md")).matchAll(/```promql\n([^]*?)\n```/g)].map(([, expr]) => expr);
