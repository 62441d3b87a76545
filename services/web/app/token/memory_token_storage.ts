// Keeps the token in memory alone: chosen by TOKEN_STORAGE=memory when the app is built. Nothing that reads the disk
// or localStorage finds it; each page load asks for a new one. Tabs tell each other, as localStorage would.
import type { HeldToken } from "./held_token.ts";
import { TOKEN_KEY, type TokenStorage } from "./token_storage.ts";

export class MemoryTokenStorage implements TokenStorage {
  readonly #channel = new BroadcastChannel(TOKEN_KEY);
  #held: HeldToken | undefined;

  read(): HeldToken | undefined {
    return this.#held;
  }

  write(held: HeldToken): void {
    this.#held = held;
    this.#channel.postMessage(held);
  }

  remove(): void {
    if (this.#held !== undefined) this.#channel.postMessage(undefined);
    this.#held = undefined;
  }

  onChange(callback: () => void): () => void {
    const listener = ({ data }: MessageEvent<HeldToken | undefined>) => {
      this.#held = data;
      callback();
    };
    this.#channel.addEventListener("message", listener);
    return () => this.#channel.removeEventListener("message", listener);
  }
}
