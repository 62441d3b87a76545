// The parts list of the browser app.
import { render } from "preact";
import type { OpenAccess } from "./account/access.ts";
import { betterAuthAccounts } from "./account/accounts.ts";
import type { Gateway } from "./api/gateway_call.ts";
import { AppState } from "./app_state.ts";
import { fetchClientConfig } from "./client_config.ts";
import { systemClock } from "./clock.ts";
import { cookieAccess } from "./cookie/cookie_access.ts";
import { httpSessionSource } from "./cookie/session_source.ts";
import { tabNews } from "./cookie/tab_news.ts";
import { KeptItems } from "./kept_items.ts";
import { Theme } from "./theme.ts";
import { exclusiveAcrossTabs } from "./token/exclusive.ts";
import { tokenAccess } from "./token/token_access.ts";
import { httpTokenSource } from "./token/token_source.ts";
import { LocalTokenStorage } from "./token/token_storage.ts";
import { App } from "./views/app.tsx";
import { Unreachable } from "./views/unreachable.tsx";

const root = document.getElementById("app") as HTMLElement;
const fetchFn: typeof fetch = (input, init) => fetch(input, init);
const items = new KeptItems(browserStorage());
// Web Locks exist in secure contexts only, whatever the types say.
const locks = navigator.locks as LockManager | undefined;
const theme = new Theme(items, document.documentElement);

async function start(): Promise<void> {
  const config = await fetchClientConfig(fetchFn);
  const gateway = { fetchFn, baseUrl: config.apiUrl, clock: systemClock };
  const state = new AppState({
    clock: systemClock,
    items,
    theme,
    locks,
    accounts: betterAuthAccounts(location.origin),
    openAccess: config.byCookie ? byCookie(gateway) : byToken(gateway),
  });
  render(<App state={state} />, root);
  for (const event of ["focus", "online", "pageshow"]) {
    window.addEventListener(event, () => void state.wake());
  }
  await state.start();
}

function byToken(gateway: Gateway): OpenAccess {
  return tokenAccess(gateway, {
    storage: new LocalTokenStorage(items, window),
    source: httpTokenSource(fetchFn),
    exclusive: exclusiveAcrossTabs(locks),
  });
}

function byCookie(gateway: Gateway): OpenAccess {
  return cookieAccess(gateway, { source: httpSessionSource(fetchFn), news: tabNews() });
}

/** Undefined where the browser forbids it, as some do together with cookies. */
function browserStorage(): Storage | undefined {
  try {
    return window.localStorage;
  } catch {
    return undefined;
  }
}

function startOrOfferAgain(): void {
  start().catch(() => render(<Unreachable onRetry={startOrOfferAgain} />, root));
}

startOrOfferAgain();
