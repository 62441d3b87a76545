// Makes sure that there is a key to sign with, of the configured algorithm, before the first token.
import type pg from "pg";
import type { Auth } from "./auth.ts";
import type { SigningAlgorithm } from "./config.ts";
import { AUTH_SCHEMA, withAdvisoryLock } from "./database.ts";
import { ExplainedError } from "./explained_error.ts";

/**
 * Better Auth makes a key only when it has none that is live: with a live key of another
 * algorithm it goes on signing with that one, whatever is configured. So keys of other
 * algorithms are made to expire. They stay published for 30 days, for the tokens they signed.
 */
export class SigningKeys {
  readonly #auth: Auth;
  readonly #pool: pg.Pool;
  readonly #algorithm: SigningAlgorithm;
  #ready: Promise<void> | undefined;

  constructor(auth: Auth, pool: pg.Pool, algorithm: SigningAlgorithm) {
    this.#auth = auth;
    this.#pool = pool;
    this.#algorithm = algorithm;
  }

  /** Resolves once keys are in order. A failure is not kept: the next call tries again. */
  ready(): Promise<void> {
    this.#ready ??= this.#prepare().catch((error: unknown) => {
      this.#ready = undefined;
      throw error;
    });
    return this.#ready;
  }

  /** Under the lock, so that replicas which start together make one key and not one each. */
  async #prepare(): Promise<void> {
    await withAdvisoryLock(this.#pool, async (client) => {
      await requireTables(client);
      // Through the pool and not this transaction: Better Auth has to see the change.
      await this.#expireOtherAlgorithms();
      await this.#signOnce();
    });
  }

  async #expireOtherAlgorithms(): Promise<void> {
    // Our clock and not the database's: it is the one that Better Auth compares with.
    const justNow = new Date(Date.now() - 1_000);
    await this.#pool.query(
      `UPDATE ${AUTH_SCHEMA}.jwks SET "expiresAt" = $2
       WHERE coalesce(alg, $1) <> $1 AND ("expiresAt" IS NULL OR "expiresAt" > $2)`,
      [this.#algorithm, justNow],
    );
  }

  /** Signing makes the key when there is none, and shows that our secret opens the one there is. */
  async #signOnce(): Promise<void> {
    try {
      await this.#auth.api.signJWT({ body: { payload: {} } });
    } catch (error) {
      if (error instanceof Error && error.message.startsWith("Failed to decrypt private key")) {
        throw new ExplainedError(
          "The signing key in the database was encrypted with another BETTER_AUTH_SECRET. " +
            `Restore that secret, or delete the rows of ${AUTH_SCHEMA}.jwks to start with a new key.`,
        );
      }
      throw error;
    }
  }
}

async function requireTables(client: pg.PoolClient): Promise<void> {
  const { rows } = await client.query<{ found: boolean }>("SELECT to_regclass($1) IS NOT NULL AS found", [
    `${AUTH_SCHEMA}.jwks`,
  ]);
  if (rows[0]?.found) return;
  // Asking Better Auth now would make it remember the missing tables until it is restarted.
  throw new ExplainedError("Better Auth's tables are missing. Run `node dist/server/main.js migrate`.");
}
