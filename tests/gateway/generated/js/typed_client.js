// Compiled against the types that are made from /openapi.json, and run: the test gives the gateway's address.
import assert from "node:assert/strict";
import createClient from "openapi-fetch";
const client = createClient({ baseUrl: process.argv[2] });
const created = await client.POST("/v1/shelves/{shelf}/books", {
    params: { path: { shelf: "s" } },
    body: { a_string: "x", inner: { name: "y" }, int32s: [1, 2], labels: { a: "b" }, color: "red", an_int64: "5" },
});
assert.equal(created.response.status, 201);
// What an answer always holds is not optional in its type.
const book = created.data;
const text = book.a_string;
const large = book.an_int64;
const maybe = book.maybe_text;
assert.deepEqual([text, large, maybe, book.color, book.int32s], ["x", "5", null, "red", [1, 2]]);
const read = await client.GET("/v1/shelves/{shelf}/books/{book}", {
    params: { path: { shelf: "s", book: "a/b" }, query: { page_size: 7, tags: ["x", "y"] } },
});
assert.equal(read.data.request.book, "a/b");
assert.deepEqual(read.data.request.tags, ["x", "y"]);
const refused = await client.POST("/v1/fail", { body: { status_code: 3, violations: ["shelf"] } });
assert.equal(refused.response.status, 422);
const problem = refused.error;
assert.equal(problem.error_code, "VALIDATION_ERROR");
assert.deepEqual(problem.errors, [{ field: "shelf", message: "is not valid" }]);
const note = await client.PUT("/f/notes/{id}", {
    params: { path: { id: "n" }, header: { "Idempotency-Key": "k" } },
    body: { text: "x" },
});
assert.match(note.response.headers.get("etag"), /^"v/);
const watched = await client.GET("/f/watch", { params: { query: { count: 2 } }, headers: { accept: "application/json" } });
assert.deepEqual(watched.data.map((event) => event.id), ["1", "2"]);
console.log("typed client: fine");
