// What docs/logs.md says of the events.
import { readFile } from "node:fs/promises";
import { root } from "../../e2e/support/stack.mjs";

/** The fields of each event, by its name: those of its row, and those that every line may have. */
export async function documentedEvents() {
  const page = await readFile(`${root}docs/logs.md`, "utf8");
  const names = (cell) => [...cell.matchAll(/`([a-z_]+)`/g)].map(([, name]) => name);
  const rows = page.slice(page.indexOf("## Events")).matchAll(/^\| `([a-z_0-9]+)` \| (.*?) \|/gm);
  const always = ["time", "level", "service", "event", "request_id", "trace_id"];
  return new Map([...rows].map(([, event, fields]) => [event, new Set([...always, ...names(fields)])]));
}
