// HTTP as the tests speak it.

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
