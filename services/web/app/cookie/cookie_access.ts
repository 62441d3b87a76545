// Access by Better Auth's session cookie, where AUTH_MODE is `session`: the browser sends it, nothing is kept here.
import type { OpenAccess } from "../account/access.ts";
import { type AuthorizedFetch, callGateway, type Gateway, untilNotThrottled } from "../api/gateway_call.ts";
import { SessionEnded } from "../api/problem.ts";
import { CookieSession, type CookieSessionParts } from "./cookie_session.ts";

export function cookieAccess(gateway: Gateway, parts: Pick<CookieSessionParts, "source" | "news">): OpenAccess {
  return (onFinding) => {
    const keeper = new CookieSession({ ...parts, clock: gateway.clock, onFinding });
    return { keeper, fetch: cookieFetch(gateway, keeper) };
  };
}

function cookieFetch(gateway: Gateway, session: CookieSession): AuthorizedFetch {
  return async (path, init = {}) => {
    const send = () => callGateway(gateway, path, { ...init, credentials: "include" });
    const response = await untilNotThrottled(gateway, send);
    // 403: the cookie may be another user's by now, who has signed in in another tab.
    if (response.status !== 401 && response.status !== 403) return response;
    await session.renew();
    if (session.hasEnded) throw new SessionEnded("Your session has ended.");
    return response;
  };
}
