// Access by JWTs: kept and renewed here, sent in the Authorization header.
import type { OpenAccess } from "../account/access.ts";
import type { Finding } from "../account/session.ts";
import type { Gateway } from "../api/gateway_call.ts";
import { tokenFetch } from "./token_fetch.ts";
import { TokenKeeper, type TokenKeeperParts, type TokenState } from "./token_keeper.ts";

export function tokenAccess(
  gateway: Gateway,
  parts: Pick<TokenKeeperParts, "storage" | "source" | "exclusive">,
): OpenAccess {
  return (onFinding) => {
    const onState = (state: TokenState) => onFinding(findingOf(state));
    const keeper = new TokenKeeper({ ...parts, clock: gateway.clock, onState });
    return { keeper, fetch: tokenFetch(gateway, keeper) };
  };
}

function findingOf(state: TokenState): Finding {
  if (state.kind !== "held") return state;
  const { userId, name, email } = state.held.claims;
  return { kind: "user", user: { id: userId, name, email } };
}
