// Users of the real Better Auth.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { request } from "./http.mjs";

/** Signs a new user up and gives the cookie of the session. */
export async function signUp(webUrl, name = "Ada") {
  const email = `${randomUUID()}@example.com`;
  const password = randomUUID();
  const answer = await request("POST", `${webUrl}/api/auth/sign-up/email`, {
    json: { name, email, password },
    headers: { origin: webUrl },
  });
  assert.equal(answer.status, 200, answer.text);
  const cookie = answer.headers
    .getSetCookie()
    .map((line) => line.split(";")[0])
    .join("; ");
  return { email, password, name, cookie, sessionToken: answer.json.token, id: answer.json.user.id };
}

/** A fresh JWT of the user's session, as the browser app takes it. */
export async function takeToken(webUrl, user) {
  const answer = await request("GET", `${webUrl}/api/auth/token`, { headers: { cookie: user.cookie } });
  assert.equal(answer.status, 200, answer.text);
  return answer.json.token;
}

/** What a token says, unchecked. */
export function decode(token) {
  const [header, payload] = token.split(".", 2).map((part) => JSON.parse(Buffer.from(part, "base64url").toString()));
  return { header, payload };
}
