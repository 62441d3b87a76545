// An issuer of the benchmark's tokens: its key set over HTTP, and a token for each of its users.
import { generateKeyPairSync, sign } from "node:crypto";
import { createServer } from "node:http";
import { once } from "node:events";

const encode = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
const kinds = {
  EdDSA: { make: () => generateKeyPairSync("ed25519"), digest: null },
  RS256: { make: () => generateKeyPairSync("rsa", { modulusLength: 2048 }), digest: "sha256" },
};

export async function startIssuer() {
  const keys = Object.entries(kinds).map(([alg, { make, digest }]) => ({ alg, digest, ...make() }));
  const keySet = JSON.stringify({ keys: keys.map(({ alg, publicKey }) => ({ ...publicKey.export({ format: "jwk" }), kid: alg, alg, use: "sig" })) });
  const server = createServer((request, response) => response.setHeader("content-type", "application/json").end(keySet));
  await once(server.listen(0, "127.0.0.1"), "listening");
  const url = `http://127.0.0.1:${server.address().port}`;
  const now = Math.floor(Date.now() / 1000);
  return {
    url,
    jwksUrl: `${url}/.well-known/jwks.json`,
    token(alg, sub) {
      const { privateKey, digest } = keys.find((key) => key.alg === alg);
      const claims = { iss: url, aud: url, sub, iat: now, exp: now + 24 * 3600, email: `${sub}@example.com`, name: sub };
      const input = `${encode({ alg, kid: alg })}.${encode(claims)}`;
      return `${input}.${sign(digest, Buffer.from(input), privateKey).toString("base64url")}`;
    },
    stop: () => server.close(),
  };
}
