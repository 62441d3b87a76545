// What `main.js --healthcheck` does, as a program of its own: loading all that main.js needs would cost more than asking.
import { readConfig } from "./config.ts";
import { healthcheck } from "./health_probe.ts";

try {
  process.exitCode = await healthcheck(readConfig());
} catch (error) {
  process.stderr.write(`web: is not healthy: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
