// Liveness never asks a dependency; readiness does, within a bound.
import type pg from "pg";
import { type Answer, json, problem } from "./answer.ts";
import type { SigningKeys } from "./signing_keys.ts";

export function healthy(): Answer {
  return json(200, { status: "healthy" });
}

export class Readiness {
  readonly #pool: pg.Pool;
  readonly #keys: SigningKeys;
  readonly #timeoutMs: number;
  #draining = false;
  #check: Promise<boolean> | undefined;
  #known = false;

  constructor(pool: pg.Pool, keys: SigningKeys, timeoutMs = 2_000) {
    this.#pool = pool;
    this.#keys = keys;
    this.#timeoutMs = timeoutMs;
  }

  /** From now on new traffic is to go elsewhere. */
  drain(): void {
    this.#draining = true;
  }

  /** As it was last found. */
  get known(): boolean {
    return this.#known && !this.#draining;
  }

  get isDraining(): boolean {
    return this.#draining;
  }

  async answer(): Promise<Answer> {
    if (this.#draining) return notReady("The server is shutting down.");
    this.#known = await this.#withinBound();
    if (this.#known) return json(200, { status: "ready" });
    return notReady("PostgreSQL or Better Auth's tables are not available; the log says why.");
  }

  /** Probes that come together share one check, so that they cannot use up the pool. */
  async #withinBound(): Promise<boolean> {
    this.#check ??= this.#probe().finally(() => {
      this.#check = undefined;
    });
    let timer: NodeJS.Timeout | undefined;
    const timeout = new Promise<boolean>((resolve) => {
      timer = setTimeout(() => resolve(false), this.#timeoutMs);
    });
    return Promise.race([this.#check, timeout]).finally(() => clearTimeout(timer));
  }

  async #probe(): Promise<boolean> {
    try {
      await this.#keys.ready();
      await this.#pool.query("SELECT 1");
      return true;
    } catch {
      return false;
    }
  }
}

function notReady(detail: string): Answer {
  return problem(503, "Not ready", detail, { "Retry-After": "1" });
}
