// An issuer whose keys the tests hold, so that they can sign what Better Auth never would.
import { createServer } from "node:http";
import { generateKeyPairSync, sign } from "node:crypto";
import { once } from "node:events";

const encode = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");

/** Serves the public key at /.well-known/jwks.json of an address of this machine, and signs whatever it is asked to. */
export async function startIssuer(host = "127.0.0.1") {
  const { publicKey, privateKey } = generateKeyPairSync("ed25519");
  const stranger = generateKeyPairSync("ed25519").privateKey;
  const keySet = JSON.stringify({ keys: [{ ...publicKey.export({ format: "jwk" }), kid: "test", alg: "EdDSA" }] });
  const server = createServer((request, response) => {
    response.writeHead(request.url === "/.well-known/jwks.json" ? 200 : 404, { "content-type": "application/json" });
    response.end(keySet);
  }).listen(0, host);
  await once(server, "listening");
  const url = `http://${host}:${server.address().port}`;

  const claims = (changes) => {
    const now = Math.floor(Date.now() / 1000);
    return { iss: url, aud: url, sub: "ada", iat: now, exp: now + 900, email: "ada@example.com", name: "Ada", ...changes };
  };
  const token = (changes = {}, header = {}, key = privateKey) => {
    const input = `${encode({ alg: "EdDSA", kid: "test", ...header })}.${encode(claims(changes))}`;
    return `${input}.${sign(null, Buffer.from(input), key).toString("base64url")}`;
  };
  return {
    url,
    token,
    forgedToken: () => token({}, {}, stranger),
    async stop() {
      server.closeAllConnections();
      await once(server.close(), "close");
    },
  };
}
