// Where the token is kept between page loads, shared by all tabs of this origin.
import { type HeldToken, restored } from "./held_token.ts";

export const TOKEN_KEY = "better_auth_access_token";
const SKEW_KEY = "better_auth_clock_skew_ms";

export interface TokenStorage {
  read(): HeldToken | undefined;
  write(held: HeldToken): void;
  remove(): void;
  /** Calls back after another tab has written or removed the token. */
  onChange(callback: () => void): () => void;
}

type StorageEvents = Pick<Window, "addEventListener" | "removeEventListener">;
type ItemStorage = Pick<Storage, "getItem" | "setItem" | "removeItem">;

export class LocalTokenStorage implements TokenStorage {
  readonly #storage: ItemStorage;
  readonly #events: StorageEvents;

  constructor(storage: ItemStorage, events: StorageEvents) {
    this.#storage = storage;
    this.#events = events;
  }

  read(): HeldToken | undefined {
    const token = this.#storage.getItem(TOKEN_KEY);
    if (token === null) return undefined;
    const skewMs = Number(this.#storage.getItem(SKEW_KEY));
    return restored(token, Number.isFinite(skewMs) ? skewMs : 0);
  }

  write(held: HeldToken): void {
    // The skew first: other tabs wake up at the token and read both.
    this.#storage.setItem(SKEW_KEY, String(held.skewMs));
    this.#storage.setItem(TOKEN_KEY, held.token);
  }

  remove(): void {
    this.#storage.removeItem(TOKEN_KEY);
    this.#storage.removeItem(SKEW_KEY);
  }

  onChange(callback: () => void): () => void {
    const listener = (event: StorageEvent) => {
      // A null key means that everything was cleared.
      if (event.key === TOKEN_KEY || event.key === null) callback();
    };
    this.#events.addEventListener("storage", listener);
    return () => this.#events.removeEventListener("storage", listener);
  }
}
