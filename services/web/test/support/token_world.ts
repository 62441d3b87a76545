// A browser profile with tabs, and the sign-in server, for tests of the token logic.
import { MemoryStorage } from "./memory_storage.ts";
import type { TokenAnswer, TokenSource } from "../../app/token/token_source.ts";
import { LocalTokenStorage, TOKEN_KEY } from "../../app/token/token_storage.ts";
import { TokenKeeper, type TokenState } from "../../app/token/token_keeper.ts";
import type { ManualClock } from "./manual_clock.ts";

export const LIFE_MS = 15 * 60 * 1000;

export function makeToken(userId: string, issuedAtMs: number, serial = 0): string {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const iat = Math.floor(issuedAtMs / 1000);
  const claims = { sub: userId, name: "Ada", email: "ada@example.test", iat, exp: iat + LIFE_MS / 1000 };
  return `${part({ alg: "EdDSA", kid: "k" })}.${part(claims)}.signature-${serial}`;
}

/** Issues tokens by its own clock, which may differ from the tabs'. */
export class SignInServer {
  readonly #clock: ManualClock;
  readonly #aheadMs: number;
  userId: string | undefined = "user-1";
  reachable = true;
  calls = 0;
  /** Answers are on their way for so long; what they say is decided before. */
  transit: Promise<void> = Promise.resolve();

  constructor(clock: ManualClock, aheadMs = 0) {
    this.#clock = clock;
    this.#aheadMs = aheadMs;
  }

  readonly source: TokenSource = async (): Promise<TokenAnswer> => {
    this.calls += 1;
    const answer = this.#decide();
    await this.transit;
    return answer;
  };

  #decide(): TokenAnswer {
    if (!this.reachable) return { kind: "unavailable" };
    if (this.userId === undefined) return { kind: "no_session" };
    return { kind: "token", token: this.issue() };
  }

  issue(): string {
    return makeToken(this.userId ?? "", this.#clock.now() + this.#aheadMs, this.calls);
  }
}

/** One localStorage for all tabs: a change is told to every tab but the one that made it. */
export class BrowserProfile {
  readonly items = new MemoryStorage();
  readonly #tabs = new Set<EventTarget>();
  #lock: Promise<unknown> = Promise.resolve();

  openTab(server: SignInServer, clock: ManualClock) {
    const events = new EventTarget();
    this.#tabs.add(events);
    const states: TokenState[] = [];
    const keeper = new TokenKeeper({
      storage: new LocalTokenStorage(this.#storageOf(events), events),
      source: server.source,
      exclusive: (work) => this.#exclusive(work),
      clock,
      onState: (state) => states.push(state),
    });
    return { keeper, states };
  }

  #storageOf(tab: EventTarget) {
    const tell = (key: string) => {
      for (const other of this.#tabs) {
        if (other !== tab) other.dispatchEvent(Object.assign(new Event("storage"), { key }));
      }
    };
    return {
      getItem: (key: string) => this.items.getItem(key),
      setItem: (key: string, value: string) => {
        this.items.setItem(key, value);
        tell(key);
      },
      removeItem: (key: string) => {
        if (this.items.getItem(key) === null) return;
        this.items.removeItem(key);
        tell(key);
      },
    };
  }

  #exclusive<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#lock.then(work);
    this.#lock = turn.catch(() => {});
    return turn;
  }

  get keptToken(): string | null {
    return this.items.getItem(TOKEN_KEY);
  }
}
