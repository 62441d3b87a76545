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
import { MemoryTokenStorage } from "./token/memory_token_storage.ts";
import { tokenAccess } from "./token/token_access.ts";
import { httpTokenSource } from "./token/token_source.ts";
import { LocalTokenStorage } from "./token/token_storage.ts";
import { App } from "./views/app.tsx";
import { Unreachable } from "./views/unreachable.tsx";

/** Decided when the app is built; see vite.config.ts. */
declare const __TOKEN_IN_MEMORY__: boolean;

const root = document.getElementById("app") as HTMLElement;
const fetchFn: typeof fetch = (input, init) => fetch(input, init);
const items = new KeptItems(browserStorage());
const theme = new Theme(items, document.documentElement);

async function start(): Promise<void> {
  const [config, locks] = await Promise.all([fetchClientConfig(fetchFn), browserLocks()]);
  const gateway = { fetchFn, baseUrl: config.apiUrl, clock: systemClock };
  const state = new AppState({
    clock: systemClock,
    items,
    theme,
    locks,
    accounts: betterAuthAccounts(location.origin),
    openAccess: config.byCookie ? byCookie(gateway) : byToken(gateway, locks),
  });
  render(<App state={state} />, root);
  for (const event of ["focus", "online", "pageshow"]) {
    window.addEventListener(event, () => void state.wake());
  }
  window.addEventListener("pagehide", () => state.leave());
  await state.start();
}

function byToken(gateway: Gateway, locks: LockManager | undefined): OpenAccess {
  return tokenAccess(gateway, {
    storage: __TOKEN_IN_MEMORY__ ? new MemoryTokenStorage() : new LocalTokenStorage(items, window),
    source: httpTokenSource(fetchFn),
    exclusive: exclusiveAcrossTabs(locks),
  });
}

function byCookie(gateway: Gateway): OpenAccess {
  return cookieAccess(gateway, { source: httpSessionSource(fetchFn), news: tabNews() });
}

/** Undefined where there are none, as outside secure contexts, or where the browser forbids them together with cookies. */
async function browserLocks(): Promise<LockManager | undefined> {
  try {
    await navigator.locks.query();
    return navigator.locks;
  } catch {
    return undefined;
  }
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
