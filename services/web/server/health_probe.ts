// Asks the web server that listens at `host` and `port` whether it is alive, as the other processes' --healthcheck does.
import type { Config } from "./config.ts";

const TIMEOUT_MS = 2_000;

/** The exit code; says on standard error what is wrong. */
export async function healthcheck({ host, port }: Pick<Config, "host" | "port">): Promise<number> {
  try {
    const url = `http://${reachable(host)}:${port}/health`;
    const { ok, status } = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS) });
    if (ok) return 0;
    process.stderr.write(`web: is not healthy: it answers ${status}\n`);
  } catch {
    process.stderr.write("web: is not healthy: it does not answer\n");
  }
  return 1;
}

/** As it stands in a URL; loopback where the server listens on every interface. */
function reachable(host: string): string {
  if (host === "0.0.0.0") return "127.0.0.1";
  if (host === "::") return "[::1]";
  return host.includes(":") ? `[${host}]` : host;
}
