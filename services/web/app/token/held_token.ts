// A token together with the clock it is judged by. Pure: `now` is always an argument.
import { type Claims, readClaims } from "./claims.ts";

export interface HeldToken {
  token: string;
  claims: Claims;
  /**
   * Server time minus this machine's time, taken when the token arrived. A token that has just
   * been issued is new, whatever the local clock says: so a wrong clock cannot make us renew it
   * again and again.
   */
  skewMs: number;
}

/** Renewed when this part of its life is over. */
const RENEW_AT = 0.8;

/** A token that the server has issued just now. */
export function received(token: string, nowMs: number): HeldToken | undefined {
  const claims = readClaims(token);
  return claims && { token, claims, skewMs: claims.issuedAtMs - nowMs };
}

/** A token that was kept, with the skew that was measured when it arrived. */
export function restored(token: string, skewMs: number): HeldToken | undefined {
  const claims = readClaims(token);
  return claims && { token, claims, skewMs };
}

export function isExpired(held: HeldToken, nowMs: number): boolean {
  return nowMs + held.skewMs >= held.claims.expiresAtMs;
}

/** How long until it should be renewed; zero or less when that is due. */
export function renewalDelayMs(held: HeldToken, nowMs: number): number {
  const { issuedAtMs, expiresAtMs } = held.claims;
  const renewAtMs = issuedAtMs + RENEW_AT * (expiresAtMs - issuedAtMs);
  return renewAtMs - (nowMs + held.skewMs);
}
