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
  return { email, password, name, cookie: cookieOf(answer), sessionToken: answer.json.token, id: answer.json.user.id };
}

const cookieOf = (answer) => answer.headers.getSetCookie().map((line) => line.split(";")[0]).join("; ");

/** A JWT of a user that was signed up in another way, by a new session. */
export async function signInForToken(webUrl, { email, password }) {
  const answer = await request("POST", `${webUrl}/api/auth/sign-in/email`, { json: { email, password }, headers: { origin: webUrl } });
  assert.equal(answer.status, 200, answer.text);
  return takeToken(webUrl, { cookie: cookieOf(answer) });
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
