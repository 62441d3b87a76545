// Better Auth: who may sign in, and what their token says.
import { betterAuth } from "better-auth";
import { bearer, jwt } from "better-auth/plugins";
import { PostgresDialect } from "kysely";
import type pg from "pg";
import { sessionHooks } from "./audit.ts";
import type { Config } from "./config.ts";
import { AUTH_SCHEMA } from "./database.ts";
import type { Log } from "./log.ts";
import { errorFields } from "./log.ts";

/** Set by our own server, which knows where a request comes from; what a client sends under this name is dropped. */
export const CLIENT_ADDRESS_HEADER = "x-client-address";

type AuthConfig = Pick<Config, "publicOrigin" | "secret" | "signingAlgorithm" | "authMode" | "rateLimit">;

export type Auth = ReturnType<typeof createAuth>;

export function createAuth(config: AuthConfig, pool: pg.Pool, log: Log) {
  return betterAuth({
    baseURL: config.publicOrigin,
    basePath: "/api/auth",
    secret: config.secret,
    trustedOrigins: [config.publicOrigin],
    database: {
      dialect: new PostgresDialect({ pool }),
      type: "postgres",
      schemaName: AUTH_SCHEMA,
      transaction: true,
    },
    emailAndPassword: { enabled: true },
    databaseHooks: { session: sessionHooks },
    rateLimit: {
      enabled: config.rateLimit,
      // The token verifier asks here for all users, from one address: a limit by address would lock all of them out at
      // once. Nothing can be guessed here, since a session token has far too many values to try.
      customRules: { "/get-session": false },
    },
    // A page that says what the link to it says; nothing here leads there.
    disabledPaths: ["/error"],
    advanced: {
      ipAddress: { ipAddressHeaders: [CLIENT_ADDRESS_HEADER] },
      // Said outright, since Better Auth turns both off by itself where NODE_ENV is "test".
      disableOriginCheck: false,
      disableCSRFCheck: false,
    },
    telemetry: { enabled: false },
    logger: { level: "warn", log: logOf(log) },
    plugins: [tokens(config), ...sessionTokens(config)],
  });
}

function tokens(config: AuthConfig) {
  return jwt({
    jwks: { keyPairConfig: { alg: config.signingAlgorithm } },
    jwt: {
      issuer: config.publicOrigin,
      audience: config.publicOrigin,
      expirationTime: "15m",
      // Only what the services need: by default the whole user row would be in the token.
      definePayload: ({ user }) => ({ email: user.email, name: user.name }),
    },
    // Else every session check would sign a token that nobody reads.
    disableSettingJwtHeader: true,
  });
}

/**
 * Lets a session be shown by its opaque token in `Authorization`, as the token verifier shows it to us. Only where
 * AUTH_MODE takes sessions: elsewhere nobody needs a second way in.
 */
function sessionTokens(config: AuthConfig) {
  return config.authMode === "jwt" ? [] : [bearer()];
}

/** Only the fixed part of a message is kept: what follows a colon, and the arguments, can hold user data. */
function logOf(log: Log) {
  return (level: "debug" | "info" | "warn" | "error", message: string, ...args: unknown[]) => {
    const error = args.find((arg) => arg instanceof Error);
    const fields = { message: fixedPart(message), ...(error ? errorFields(error) : {}) };
    log(level === "warn" ? "warning" : level, "better_auth", fields);
  };
}

function fixedPart(message: string): string {
  return (message.split(/[:\n]/, 1)[0] ?? "").slice(0, 300);
}
