// Lists and creates tasks as somebody would write it with Fastify, jose and pg: what the benchmark of the whole path compares
// with. Prints `ready PORT`. JWKS_URL, ISSUER (issuer and audience) and DATABASE_URL say the rest.
import { randomUUID } from "node:crypto";
import Fastify from "fastify";
import { createRemoteJWKSet, jwtVerify } from "jose";
import pg from "pg";

const { JWKS_URL, ISSUER, DATABASE_URL } = process.env;
const pool = new pg.Pool({ connectionString: DATABASE_URL, max: 10 });
const keys = createRemoteJWKSet(new URL(JWKS_URL));
// Dates as text: no work is done that the answer has no use for.
pg.types.setTypeParser(pg.types.builtins.DATE, (text) => text);

const columns = "id, user_id, title, description, is_completed, priority, due_date, completed_at, created_at, updated_at";
const list = {
  name: "list",
  text: `SELECT ${columns}, (SELECT count(*)::integer FROM peer.tasks WHERE user_id = $1) AS count
    FROM peer.tasks WHERE user_id = $1 ORDER BY created_at, id LIMIT $2`,
};
const create = {
  name: "create",
  text: `INSERT INTO peer.tasks (user_id, id, title, description) VALUES ($1, $2, $3, $4) RETURNING ${columns}`,
};

const task = {
  type: "object",
  properties: {
    id: { type: "string" },
    user_id: { type: "string" },
    title: { type: "string" },
    description: { type: ["string", "null"] },
    is_completed: { type: "boolean" },
    priority: { type: "string" },
    due_date: { type: ["string", "null"] },
    completed_at: { type: ["string", "null"], format: "date-time" },
    created_at: { type: "string", format: "date-time" },
    updated_at: { type: "string", format: "date-time" },
  },
};
const page = {
  type: "object",
  properties: { items: { type: "array", items: task }, count: { type: "integer" }, next_page_token: { type: "string" } },
};

const app = Fastify();
app.addHook("onRequest", async (request, reply) => {
  const [scheme, token] = (request.headers.authorization ?? "").split(" ");
  if (scheme !== "Bearer" || !token) return reply.code(401).send({ error_code: "MISSING_TOKEN" });
  try {
    const { payload } = await jwtVerify(token, keys, { issuer: ISSUER, audience: ISSUER });
    if (payload.sub !== request.params.user_id) return reply.code(403).send({ error_code: "FORBIDDEN_USER_ACCESS" });
  } catch {
    return reply.code(401).send({ error_code: "INVALID_TOKEN" });
  }
});

app.get(
  "/api/:user_id/tasks",
  { schema: { querystring: { type: "object", properties: { page_size: { type: "integer" } } }, response: { 200: page } } },
  async (request) => {
    const { rows } = await pool.query({ ...list, values: [request.params.user_id, request.query.page_size ?? 50] });
    return { items: rows, count: rows[0]?.count ?? 0, next_page_token: "" };
  },
);

const body = {
  type: "object",
  required: ["title"],
  properties: { title: { type: "string", minLength: 1, maxLength: 255 }, description: { type: "string", maxLength: 2000 } },
};
app.post("/api/:user_id/tasks", { schema: { body, response: { 201: task } } }, async (request, reply) => {
  const { title, description = null } = request.body;
  const { rows } = await pool.query({ ...create, values: [request.params.user_id, randomUUID(), title, description] });
  return reply.code(201).send(rows[0]);
});

await app.listen({ host: "127.0.0.1", port: 0 });
console.log(`ready ${app.server.address().port}`);
