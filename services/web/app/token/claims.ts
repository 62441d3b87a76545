// Reads what a token says, to know whose it is and when to renew it. The services check
// signatures; nothing here is proof of anything.

export interface Claims {
  userId: string;
  email: string;
  name: string;
  issuedAtMs: number;
  expiresAtMs: number;
}

/** Undefined for all that is not a token with the claims we need. */
export function readClaims(token: string): Claims | undefined {
  try {
    const [, payload = ""] = token.split(".");
    const claims: unknown = JSON.parse(decodeBase64Url(payload));
    return isPayload(claims) ? fromPayload(claims) : undefined;
  } catch {
    return undefined;
  }
}

interface Payload {
  sub: string;
  iat: number;
  exp: number;
  email?: unknown;
  name?: unknown;
}

function isPayload(value: unknown): value is Payload {
  if (typeof value !== "object" || value === null) return false;
  const { sub, iat, exp } = value as Record<string, unknown>;
  return typeof sub === "string" && sub !== "" && Number.isFinite(iat) && Number.isFinite(exp);
}

function fromPayload(payload: Payload): Claims {
  return {
    userId: payload.sub,
    email: typeof payload.email === "string" ? payload.email : "",
    name: typeof payload.name === "string" ? payload.name : "",
    issuedAtMs: payload.iat * 1000,
    expiresAtMs: payload.exp * 1000,
  };
}

function decodeBase64Url(text: string): string {
  const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return new TextDecoder().decode(Uint8Array.from(binary, (char) => char.charCodeAt(0)));
}
