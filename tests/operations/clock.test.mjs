// A verifier whose clock is wrong: faketime makes it so.
import assert from "node:assert/strict";
import { existsSync, readdirSync } from "node:fs";
import { after, before, test } from "node:test";
import { request } from "../e2e/support/http.mjs";
import { startIssuer } from "../e2e/support/issuer.mjs";
import { startVerifier } from "../e2e/support/verifier.mjs";

const library = readdirSync("/usr/lib")
  .map((folder) => `/usr/lib/${folder}/faketime/libfaketimeMT.so.1`)
  .find((path) => existsSync(path));

let issuer;
before(async () => {
  assert.ok(library, "libfaketime is not installed: run scripts/install-dependencies --test");
  issuer = await startIssuer();
});
after(() => issuer?.stop());

/** What a verifier says to the token whose clock differs from ours by so many seconds. */
async function verdictAt(seconds, token) {
  const clock = { LD_PRELOAD: library, FAKETIME: `${seconds < 0 ? "" : "+"}${seconds}s`, FAKETIME_DONT_FAKE_MONOTONIC: "1", DONT_FAKE_MONOTONIC: "1" };
  const verifier = await startVerifier(issuer, seconds === 0 ? {} : clock);
  try {
    return await request("GET", `http://127.0.0.1:${verifier.forwardAuthPort}/`, { token });
  } finally {
    await verifier.stop();
  }
}

const now = () => Math.floor(Date.now() / 1000);

for (const [what, seconds, claims, status, reason] of [
  ["a clock that is right takes a fresh token", 0, () => ({}), 200],
  ["a clock that is 45 s slow takes a fresh token", -45, () => ({}), 200],
  ["a clock that is 120 s slow refuses a fresh token, as one of the future", -120, () => ({}), 401, /iat/],
  ["a clock that is 120 s slow takes a token without iat", -120, () => ({ iat: undefined }), 200],
  ["a token that expired 45 s ago is taken", 0, () => ({ exp: now() - 45 }), 200],
  ["a token that expired 120 s ago is refused", 0, () => ({ exp: now() - 120 }), 401, /exp/],
  ["a clock that is 45 s fast takes a token that expires now", 45, () => ({ exp: now() + 1 }), 200],
  ["a clock that is 120 s fast refuses a token that expires now", 120, () => ({ exp: now() + 1 }), 401, /exp/],
]) {
  test(what, async () => {
    const answer = await verdictAt(seconds, issuer.token(claims()));
    assert.equal(answer.status, status, `${answer.text} ${answer.headers.get("www-authenticate")}`);
    if (reason) assert.match(answer.headers.get("www-authenticate"), reason);
  });
}
