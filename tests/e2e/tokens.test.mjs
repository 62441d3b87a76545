// Tokens that Better Auth would never issue, through the whole path: signed by an issuer of the tests.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { request } from "./support/http.mjs";
import { startIssuer } from "./support/issuer.mjs";
import { startStack } from "./support/stack.mjs";

let issuer, stack, tasks;

before(async () => {
  issuer = await startIssuer();
  stack = await startStack({ BETTER_AUTH_URL: issuer.url });
  tasks = `${stack.apiUrl}/api/ada/tasks`;
});
after(async () => {
  await stack?.stop();
  await issuer?.stop();
});

const now = () => Math.floor(Date.now() / 1000);

const bad = {
  "expired by more than the skew": ["TOKEN_EXPIRED", () => issuer.token({ exp: now() - 120 })],
  "not valid yet": ["TOKEN_NOT_YET_VALID", () => issuer.token({ nbf: now() + 300 })],
  "issued in the future": ["TOKEN_NOT_YET_VALID", () => issuer.token({ iat: now() + 120 })],
  "of another issuer": ["INVALID_ISSUER", () => issuer.token({ iss: "https://evil.test" })],
  "for another audience": ["INVALID_AUDIENCE", () => issuer.token({ aud: "https://evil.test" })],
  "without a subject": ["MISSING_UID_CLAIM", () => issuer.token({ sub: undefined })],
  "without an expiry": ["MISSING_CLAIM", () => issuer.token({ exp: undefined })],
  "signed by a stranger": ["INVALID_TOKEN_SIGNATURE", () => issuer.forgedToken()],
  "of a key that is not published": ["UNKNOWN_KEY", () => issuer.token({}, { kid: "made-up" })],
  "with the algorithm none": ["MALFORMED_TOKEN", () => issuer.token({}, { alg: "none" })],
  "with an HMAC algorithm": ["MALFORMED_TOKEN", () => issuer.token({}, { alg: "HS256" })],
  "with a critical header": ["MALFORMED_TOKEN", () => issuer.token({}, { crit: ["b64"] })],
  "for another purpose": ["MALFORMED_TOKEN", () => issuer.token({}, { typ: "logout+jwt" })],
  "cut short": ["INVALID_TOKEN_SIGNATURE", () => issuer.token().slice(0, -6)],
  "of four parts": ["MALFORMED_TOKEN", () => `${issuer.token()}.x`],
  "that is none": ["NOT_A_JWT", () => "hello"],
};

for (const [what, [errorCode, make]] of Object.entries(bad)) {
  test(`a token ${what} is 401 ${errorCode}, and writes nothing`, async () => {
    const answer = await request("POST", tasks, { token: make(), json: { title: "never" } });
    assert.equal(answer.status, 401, answer.text);
    assert.equal(answer.json.error_code, errorCode, answer.text);
    assert.match(answer.headers.get("www-authenticate"), /^Bearer .*error="invalid_token"/);
    assert.equal((await request("GET", tasks, { token: issuer.token() })).json.count, 0);
  });
}

test("a token within the skew, with an audience array, or without iat is accepted", async () => {
  for (const changes of [{ exp: now() - 45 }, { iat: now() + 45 }, { aud: ["https://other.test", issuer.url] }, { iat: undefined }]) {
    const answer = await request("GET", tasks, { token: issuer.token(changes) });
    assert.equal(answer.status, 200, `${JSON.stringify(changes)}: ${answer.text}`);
  }
});

test("a subject that needs escaping in a path is the same user", async () => {
  const subject = "a/b c%é:x";
  const token = issuer.token({ sub: subject });
  const answer = await request("POST", `${stack.apiUrl}/api/${encodeURIComponent(subject)}/tasks`, { token, json: { title: "mine" } });
  assert.equal(answer.status, 201, answer.text);
  assert.equal(answer.json.user_id, subject);
  assert.equal((await request("GET", stack.apiUrl + answer.headers.get("location"), { token })).status, 200);
});

test("two Authorization headers are 400", async () => {
  const { connect } = await import("node:net");
  const { once } = await import("node:events");
  const socket = connect(Number(new URL(stack.apiUrl).port), "127.0.0.1");
  const header = `Authorization: Bearer ${issuer.token()}\r\n`;
  socket.write(`GET /api/me HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n${header}${header}\r\n`);
  let answer = "";
  socket.setEncoding("utf8").on("data", (text) => (answer += text));
  await once(socket, "close");
  assert.match(answer, /^HTTP\/1.1 400 /);
});
