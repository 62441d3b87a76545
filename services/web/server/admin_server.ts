// What the process tells operators, on a port of its own that is not for users.
import { createServer, type Server } from "node:http";
import type { Registry } from "prom-client";
import { type Answer, problem } from "./answer.ts";
import { healthy } from "./health.ts";

export interface AdminParts {
  registry: Registry;
  readiness: { answer(): Promise<Answer> };
}

const LIMITS = { maxHeaderSize: 8 * 1024, headersTimeout: 5_000, requestTimeout: 10_000 };

export function createAdminServer(parts: AdminParts): Server {
  return createServer(LIMITS, (request, response) => {
    void answerOf(parts, request.method, request.url).then((answer) => {
      response.writeHead(answer.status, { "X-Content-Type-Options": "nosniff", ...answer.headers });
      response.end(request.method === "HEAD" ? undefined : answer.body);
    });
  });
}

async function answerOf({ registry, readiness }: AdminParts, method = "", path = ""): Promise<Answer> {
  if (!["/metrics", "/health", "/readyz"].includes(path)) {
    return problem(404, "Not found", "There are /metrics, /health and /readyz.");
  }
  if (method !== "GET" && method !== "HEAD") {
    return problem(405, "Method not allowed", "Use GET.", { Allow: "GET, HEAD" });
  }
  if (path === "/health") return healthy();
  if (path === "/readyz") return readiness.answer();
  return { status: 200, headers: { "Content-Type": registry.contentType }, body: await registry.metrics() };
}
