// The parts list of the browser app.
import { render } from "preact";
import { betterAuthAccounts } from "./account/accounts.ts";
import { AppState } from "./app_state.ts";
import { fetchClientConfig } from "./client_config.ts";
import { systemClock } from "./clock.ts";
import { exclusiveAcrossTabs } from "./token/exclusive.ts";
import { MemoryStorage } from "./token/memory_storage.ts";
import { httpTokenSource } from "./token/token_source.ts";
import { LocalTokenStorage } from "./token/token_storage.ts";
import { App } from "./views/app.tsx";
import { Unreachable } from "./views/unreachable.tsx";

const root = document.getElementById("app") as HTMLElement;
const fetchFn: typeof fetch = (input, init) => fetch(input, init);

async function start(): Promise<void> {
  const config = await fetchClientConfig(fetchFn);
  const state = new AppState({
    config,
    fetchFn,
    accounts: betterAuthAccounts(location.origin),
    clock: systemClock,
    token: {
      storage: new LocalTokenStorage(browserStorage(), window),
      source: httpTokenSource(fetchFn),
      exclusive: exclusiveAcrossTabs(navigator.locks),
    },
  });
  render(<App state={state} />, root);
  for (const event of ["focus", "online", "pageshow"]) {
    window.addEventListener(event, () => void state.keeper.renewIfDue());
  }
  await state.start();
}

function browserStorage(): Storage | MemoryStorage {
  try {
    return window.localStorage;
  } catch {
    return new MemoryStorage();
  }
}

function startOrOfferAgain(): void {
  start().catch(() => render(<Unreachable onRetry={startOrOfferAgain} />, root));
}

startOrOfferAgain();
