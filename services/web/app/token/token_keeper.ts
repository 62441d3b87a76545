// Keeps a token that is good to use: renews it in time, for all tabs, and gives up only
// when the server says that the session is over.
import type { Clock } from "../clock.ts";
import type { Exclusive } from "./exclusive.ts";
import { type HeldToken, isExpired, received, renewalDelayMs } from "./held_token.ts";
import type { TokenSource } from "./token_source.ts";
import type { TokenStorage } from "./token_storage.ts";

export type TokenState =
  /** The server is being asked. */
  | { kind: "unknown" }
  | { kind: "held"; held: HeldToken }
  /** There may be a session, but the server cannot be asked. */
  | { kind: "unreachable" }
  | { kind: "no_session" };

export interface TokenKeeperParts {
  storage: TokenStorage;
  source: TokenSource;
  exclusive: Exclusive;
  clock: Clock;
  onState(state: TokenState): void;
}

const FIRST_RETRY_MS = 2_000;
const LONGEST_RETRY_MS = 60_000;

export class TokenKeeper {
  readonly #parts: TokenKeeperParts;
  #state: TokenState = { kind: "unknown" };
  #renewal: Promise<void> | undefined;
  #cancelTimer: () => void = () => {};
  #failures = 0;

  constructor(parts: TokenKeeperParts) {
    this.#parts = parts;
    parts.storage.onChange(() => this.#followOtherTab());
  }

  get state(): TokenState {
    return this.#state;
  }

  /** Uses the kept token if it still lives; removes it if not, and asks for a new one. */
  async start(): Promise<void> {
    const held = this.#parts.storage.read();
    if (held !== undefined && !this.#isExpired(held)) {
      this.#hold(held);
      return this.renewIfDue();
    }
    this.#parts.storage.remove();
    return this.renew();
  }

  /** A token for a call, renewed first if it has expired. Undefined when there is none to be had. */
  async token(): Promise<string | undefined> {
    const held = this.#held();
    if (held === undefined || this.#isExpired(held)) await this.renew();
    else void this.renewIfDue();
    const now = this.#held();
    return now !== undefined && !this.#isExpired(now) ? now.token : undefined;
  }

  /** After a service refused `refused`: another token, or undefined when there is no other. */
  async tokenInsteadOf(refused: string): Promise<string | undefined> {
    if (this.#held()?.token === refused) await this.renew();
    const token = this.#held()?.token;
    return token === refused ? undefined : token;
  }

  /** A new session: what was kept may belong to another user. */
  async signedIn(): Promise<void> {
    // What is being asked already was asked for the session from before.
    await this.#renewal;
    this.#parts.storage.remove();
    await this.renew();
  }

  /** For when the window gets the focus: timers sleep in the background. */
  async renewIfDue(): Promise<void> {
    const held = this.#held();
    if (held !== undefined && renewalDelayMs(held, this.#parts.clock.now()) > 0) return;
    if (this.#state.kind === "no_session") return;
    await this.renew();
  }

  /** Callers at the same time share one request. */
  renew(): Promise<void> {
    this.#renewal ??= this.#parts
      .exclusive(() => this.#renewAlone(this.#held()?.token))
      .finally(() => {
        this.#renewal = undefined;
      });
    return this.#renewal;
  }

  /**
   * Ends the session by `endSession`, then removes the token here and, through the storage
   * event, in every tab. Under the lock, so that no renewal can put a token back.
   */
  async signOut(endSession: () => Promise<void>): Promise<void> {
    await this.#parts.exclusive(async () => {
      await endSession();
      this.#letGo();
    });
  }

  async #renewAlone(before: string | undefined): Promise<void> {
    const kept = this.#parts.storage.read();
    const otherTabRenewed = kept !== undefined && kept.token !== before && !this.#isDue(kept);
    if (otherTabRenewed) return this.#hold(kept);
    const answer = await this.#parts.source();
    if (answer.kind === "no_session") return this.#letGo();
    const held = answer.kind === "token" ? this.#receive(answer.token) : undefined;
    if (held === undefined) return this.#retryLater();
    this.#parts.storage.write(held);
    this.#hold(held);
  }

  #receive(token: string): HeldToken | undefined {
    return received(token, this.#parts.clock.now());
  }

  #hold(held: HeldToken): void {
    this.#failures = 0;
    this.#enter({ kind: "held", held });
    const delayMs = renewalDelayMs(held, this.#parts.clock.now());
    this.#schedule(Math.max(delayMs, FIRST_RETRY_MS));
  }

  /** The token, if there is one, stays in use until it has expired. */
  #retryLater(): void {
    const held = this.#held();
    if (held === undefined || this.#isExpired(held)) this.#enter({ kind: "unreachable" });
    const delayMs = Math.min(FIRST_RETRY_MS * 2 ** this.#failures, LONGEST_RETRY_MS);
    this.#failures += 1;
    this.#schedule(delayMs);
  }

  #letGo(): void {
    this.#cancelTimer();
    this.#parts.storage.remove();
    this.#enter({ kind: "no_session" });
  }

  /** Another tab renewed the token, signed in, signed out, or found an expired one. */
  #followOtherTab(): void {
    const kept = this.#parts.storage.read();
    if (kept !== undefined) {
      this.#hold(kept);
      return;
    }
    if (this.#state.kind !== "held") return;
    // Gone, so not used any more; whether the session is over as well is for the server to say.
    this.#cancelTimer();
    this.#enter({ kind: "unknown" });
    void this.renew();
  }

  #schedule(delayMs: number): void {
    this.#cancelTimer();
    this.#cancelTimer = this.#parts.clock.after(delayMs, () => void this.renew());
  }

  #enter(state: TokenState): void {
    this.#state = state;
    this.#parts.onState(state);
  }

  #held(): HeldToken | undefined {
    return this.#state.kind === "held" ? this.#state.held : undefined;
  }

  #isExpired(held: HeldToken): boolean {
    return isExpired(held, this.#parts.clock.now());
  }

  #isDue(held: HeldToken): boolean {
    return renewalDelayMs(held, this.#parts.clock.now()) <= 0;
  }
}
