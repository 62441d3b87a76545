// Knows whose session the cookie holds, and gives up only when the server says that it is over.
import type { SessionKeeper } from "../account/access.ts";
import type { Finding } from "../account/session.ts";
import type { Clock } from "../clock.ts";
import type { SessionSource } from "./session_source.ts";

/** Tells the other tabs that the cookie has changed: no event says so by itself. */
export interface TabNews {
  tell(): void;
  onTold(callback: () => void): void;
}

export interface CookieSessionParts {
  source: SessionSource;
  news: TabNews;
  clock: Clock;
  onFinding(finding: Finding): void;
}

const FIRST_RETRY_MS = 2_000;
const LONGEST_RETRY_MS = 60_000;

export class CookieSession implements SessionKeeper {
  readonly #parts: CookieSessionParts;
  #finding: Finding = { kind: "unknown" };
  #question: Promise<void> | undefined;
  #cancelTimer: () => void = () => {};
  #failures = 0;

  constructor(parts: CookieSessionParts) {
    this.#parts = parts;
    parts.news.onTold(() => void this.#renewAnew());
  }

  get hasEnded(): boolean {
    return this.#finding.kind === "no_session";
  }

  start(): Promise<void> {
    return this.renew();
  }

  renew(): Promise<void> {
    this.#question ??= this.#ask().finally(() => {
      this.#question = undefined;
    });
    return this.#question;
  }

  /** Always: another tab or another program may have ended the session. */
  renewIfDue(): Promise<void> {
    return this.renew();
  }

  async signedIn(): Promise<void> {
    await this.#renewAnew();
    this.#parts.news.tell();
  }

  async signOut(endSession: () => Promise<void>): Promise<void> {
    await endSession();
    await this.#question;
    this.#cancelTimer();
    this.#enter({ kind: "no_session" });
    this.#parts.news.tell();
  }

  /** The cookie has changed: what is being asked already was asked with the one from before. */
  async #renewAnew(): Promise<void> {
    await this.#question;
    await this.renew();
  }

  async #ask(): Promise<void> {
    this.#cancelTimer();
    const answer = await this.#parts.source();
    if (answer.kind === "unavailable") return this.#retryLater();
    this.#failures = 0;
    this.#enter(answer);
  }

  #retryLater(): void {
    this.#enter({ kind: "unreachable" });
    const delayMs = Math.min(FIRST_RETRY_MS * 2 ** this.#failures, LONGEST_RETRY_MS);
    this.#failures += 1;
    this.#cancelTimer = this.#parts.clock.after(delayMs, () => void this.renew());
  }

  #enter(finding: Finding): void {
    this.#finding = finding;
    this.#parts.onFinding(finding);
  }
}
