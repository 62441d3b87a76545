// The whole API over HTTP and over gRPC, on PostgreSQL directly and through PgBouncer.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { contractSuite } from "./suites/contract.mjs";
import { closeClients } from "./support/grpc_client.mjs";
import { assertProblem, request } from "./support/http.mjs";
import { startIssuer } from "./support/issuer.mjs";
import { startServices } from "./support/services.mjs";
import { overGrpc, overHttp } from "./support/todo_api.mjs";

let issuer;
before(async () => {
  issuer = await startIssuer();
});
after(async () => {
  closeClients();
  await issuer.stop();
});

for (const pooled of [false, true]) {
  describe(pooled ? "through PgBouncer" : "on PostgreSQL directly", () => {
    let services;
    before(async () => {
      services = await startServices(issuer, { pooled });
    });
    after(() => services.stop());
    for (const way of [overHttp, overGrpc]) {
      describe(`over ${way.name}`, () => contractSuite(() => services, () => issuer, way));
    }
  });
}

test("who calls too often is told how long to wait, and nobody else is", async () => {
  const services = await startServices(issuer, { environment: { USER_RATE: "2" } });
  try {
    const get = (sub) => request("GET", `${services.apiUrl}/api/me`, { token: issuer.token({ sub }) });
    let answer;
    for (let i = 0; i < 100 && answer?.status !== 429; i++) answer = await get("ada");
    assertProblem(answer, 429, "RATE_LIMITED");
    assert.equal(answer.headers.get("retry-after"), "1");
    assert.equal((await get("bob")).status, 200);
  } finally {
    await services.stop();
  }
});
