// Which path is answered by what.
import type { IncomingMessage } from "node:http";
import { type Answer, json, problem } from "./answer.ts";
import { audit } from "./audit.ts";
import { answerFromAuth, type AuthHandler, type AuthSite } from "./auth_route.ts";
import type { Config } from "./config.ts";
import { healthy, type Readiness } from "./health.ts";
import type { Log } from "./log.ts";
import { type StaticFiles, staticAnswer } from "./static_files.ts";

export interface RouteParts {
  config: AuthSite & Pick<Config, "apiUrl" | "authMode">;
  auth: AuthHandler;
  keys: { ready(): Promise<void> };
  readiness: Pick<Readiness, "answer">;
  files: StaticFiles;
  log: Log;
}

export interface Route {
  /** For the log: a name out of a fixed set, never what the client sent. */
  name: string;
  methods: readonly string[];
  answer(request: IncomingMessage): Answer | Promise<Answer>;
  /** Hears what was answered, also where `answer` has failed. */
  answered?(answer: Answer): void;
}

const READ = ["GET", "HEAD"];
const AUTH_PREFIX = "/api/auth/";
/** Auth paths worth telling apart in the log. */
const NAMED_AUTH_PATHS = new Set(
  ["sign-up/email", "sign-in/email", "sign-out", "get-session", "token", "jwks"].map((path) => AUTH_PREFIX + path),
);

const FIXED_PATHS = ["/health", "/readyz", "/config.json", "/.well-known/jwks.json"] as const;
/** Every name that a route can have, and `unknown` for where there is none. */
export const ROUTE_NAMES = [...FIXED_PATHS, ...NAMED_AUTH_PATHS, `${AUTH_PREFIX}*`, "static", "unknown"];

/**
 * Verifiers keep the key set for an hour at most; they ask again at once for a key they do not know,
 * and since a new key signs the instant it is made, a shared cache may not keep an old answer then.
 */
const JWKS_CACHE_CONTROL = "public, max-age=3600, s-maxage=15";

/** Finds the route of a path; undefined where there is none. */
export type FindRoute = (pathname: string) => Route | undefined;

export function createRoutes(parts: RouteParts): FindRoute {
  const fixed = new Map<string, Route>(
    [
      route("/health", () => healthy()),
      route("/readyz", () => parts.readiness.answer()),
      route("/config.json", () => clientConfig(parts.config)),
      route("/.well-known/jwks.json", () => keySet(parts)),
    ].map((each) => [each.name, each]),
  );
  return (pathname) => {
    const found = fixed.get(pathname);
    if (found !== undefined) return found;
    if (pathname.startsWith(AUTH_PREFIX)) return authRoute(parts, pathname);
    const file = parts.files.get(pathname);
    if (file === undefined) return undefined;
    return route("static", (request) => staticAnswer(file, request.headers));
  };
}

function route(name: string, answer: Route["answer"]): Route {
  return { name, methods: READ, answer };
}

/** What the browser app has to know before it can start. */
function clientConfig(config: RouteParts["config"]): Answer {
  const body = { api_url: config.apiUrl, auth_mode: config.authMode };
  return json(200, body, { "Cache-Control": "no-cache" });
}

function authRoute(parts: RouteParts, pathname: string): Route {
  return {
    name: NAMED_AUTH_PATHS.has(pathname) ? pathname : `${AUTH_PREFIX}*`,
    methods: ["GET", "POST"],
    answer: async (request) => {
      await parts.keys.ready();
      return answerFromAuth(parts.auth, parts.config, request);
    },
    answered: (answer) => audit(parts.log, pathname, answer),
  };
}

/** Better Auth serves its keys below /api/auth only; here is where verifiers look. */
async function keySet(parts: RouteParts): Promise<Answer> {
  await parts.keys.ready();
  const url = `${parts.config.publicOrigin}${AUTH_PREFIX}jwks`;
  const response = await parts.auth.handler(new Request(url));
  if (!response.ok) {
    return problem(503, "Key set unavailable", "Try again.", { "Retry-After": "1" });
  }
  return json(200, await response.json(), { "Cache-Control": JWKS_CACHE_CONTROL });
}
