import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it } from "vitest";
import { httpTokenSource, type TokenAnswer } from "../../app/token/token_source.ts";

async function answerTo(status: number, body: string): Promise<TokenAnswer> {
  const server = createServer((_, response) => void response.writeHead(status).end(body));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  try {
    return await httpTokenSource(fetch, `http://127.0.0.1:${port}`)();
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

describe("httpTokenSource", () => {
  it.each([
    [200, '{"token":"a.b.c"}', { kind: "token", token: "a.b.c" }],
    [401, "", { kind: "no_session" }],
    [403, "", { kind: "unavailable" }],
    [429, "", { kind: "unavailable" }],
    [500, "", { kind: "unavailable" }],
    [503, "", { kind: "unavailable" }],
    [200, "<html>", { kind: "unavailable" }],
    [200, "{}", { kind: "unavailable" }],
  ])("takes %i %j as %j", async (status, body, expected) => {
    expect(await answerTo(status, body)).toEqual(expected);
  });

  it("takes no answer as no answer", async () => {
    const refused: typeof fetch = () => Promise.reject(new TypeError("fetch failed"));
    expect(await httpTokenSource(refused)()).toEqual({ kind: "unavailable" });
  });
});
