// Stops a server without cutting off what is in flight.
import type { Server } from "node:http";

/** Resolves with true when all calls finished, with false when the bound cut them off. */
export async function closeGracefully(server: Server, boundMs: number): Promise<boolean> {
  let cut = false;
  const timer = setTimeout(() => {
    cut = true;
    server.closeAllConnections();
  }, boundMs);
  await new Promise<void>((resolve) => {
    // Also closes idle keep-alive connections, and busy ones after their answer.
    server.close(() => resolve());
  });
  clearTimeout(timer);
  return !cut;
}
