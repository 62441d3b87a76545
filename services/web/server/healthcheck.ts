// Asks the web server that runs with this configuration whether it is alive: exit code 0 or 1. A program of its own, since
// loading all that main.js needs would cost more than asking.
import { readConfig } from "./config.ts";

try {
  const { host, port } = readConfig();
  const reachable = host === "0.0.0.0" ? "127.0.0.1" : host === "::" ? "[::1]" : host;
  const answer = await fetch(`http://${reachable}:${port}/health`, { signal: AbortSignal.timeout(3_000) });
  if (!answer.ok) throw new Error(`it answered ${answer.status}`);
} catch (error) {
  process.stderr.write(`not healthy: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
