// HTTP as the tests speak it.
import assert from "node:assert/strict";

/** Sends a request; the body, where there is one, is sent as JSON. Gives status, headers, text and parsed JSON. */
export async function request(method, url, { token, json, body, headers = {} } = {}) {
  const response = await fetch(url, {
    method,
    redirect: "manual",
    headers: {
      ...(json === undefined ? {} : { "content-type": "application/json" }),
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...headers,
    },
    body: json === undefined ? body : JSON.stringify(json),
  });
  const text = await response.text();
  const isJson = /json/.test(response.headers.get("content-type") ?? "");
  return { status: response.status, headers: response.headers, text, json: isJson ? JSON.parse(text) : undefined };
}

/** An error as the gateway says it: RFC 9457 with our code. */
export function assertProblem(answer, status, errorCode) {
  assert.equal(answer.status, status, answer.text);
  assert.match(answer.headers.get("content-type"), /^application\/problem\+json/);
  assert.equal(answer.json.status, status);
  assert.equal(answer.json.error_code, errorCode, answer.text);
  assert.ok(answer.json.title && answer.json.type, answer.text);
  assert.equal(answer.json.request_id, answer.headers.get("x-request-id"));
}
