// Checks a compact JWS against a published key with node:crypto alone.
import { constants, createPublicKey, type JsonWebKey, verify } from "node:crypto";

export interface PublishedKey extends JsonWebKey {
  kid: string;
  alg: string;
}

const DIGESTS: Record<string, string | null> = {
  EdDSA: null,
  ES256: "sha256",
  ES512: "sha512",
  PS256: "sha256",
  RS256: "sha256",
};

export function signatureIsGood(token: string, jwk: PublishedKey): boolean {
  const [header, payload, signature = ""] = token.split(".");
  const digest = DIGESTS[jwk.alg];
  if (digest === undefined) throw new Error(`unexpected alg ${jwk.alg}`);
  const key = {
    key: createPublicKey({ key: jwk, format: "jwk" }),
    dsaEncoding: "ieee-p1363" as const,
    ...(jwk.alg === "PS256"
      ? { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST }
      : {}),
  };
  return verify(digest, Buffer.from(`${header}.${payload}`), key, Buffer.from(signature, "base64url"));
}
