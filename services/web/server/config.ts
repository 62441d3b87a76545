// The only file that reads the environment. Everything else is handed a Config.
import { readFileSync } from "node:fs";
import { BlockList } from "node:net";
import { addressSet } from "./client_address.ts";

export const SIGNING_ALGORITHMS = ["EdDSA", "ES256", "ES512", "PS256", "RS256"] as const;
export type SigningAlgorithm = (typeof SIGNING_ALGORITHMS)[number];

export const AUTH_MODES = ["jwt", "session", "jwt,session"] as const;
export type AuthMode = (typeof AUTH_MODES)[number];

export interface Config {
  host: string;
  port: number;
  /** Origin of BETTER_AUTH_URL: issuer and audience of every token. */
  publicOrigin: string;
  secret: string;
  databaseUrl: string;
  signingAlgorithm: SigningAlgorithm;
  /** Origin of the gateway, as the browser reaches it. */
  apiUrl: string;
  authMode: AuthMode;
  rateLimit: boolean;
  /** Addresses and networks of the proxies whose X-Forwarded-For is believed. */
  trustedProxies: BlockList;
  debug: boolean;
  adminHost: string;
  /** Of /metrics, /health and /readyz for operators; undefined for none. */
  adminPort: number | undefined;
  /** The names of the variables that are set, for the log. */
  variables: string;
}

export interface Fault {
  variable: string;
  problem: string;
  example: string;
}

export class ConfigError extends Error {
  readonly faults: readonly Fault[];

  constructor(faults: readonly Fault[]) {
    super(faults.map((f) => `${f.variable}: ${f.problem}\n    example: ${f.example}`).join("\n"));
    this.name = "ConfigError";
    this.faults = faults;
  }
}

type Environment = Record<string, string | undefined>;

const MIN_SECRET_LENGTH = 32;

/** Reads every variable before it complains: throws one ConfigError that lists all faults. */
export function readConfig(env: Environment = process.env): Config {
  const reader = new Reader(env);
  const config: Config = {
    host: reader.text("HOST") ?? "127.0.0.1",
    port: reader.port("WEB_PORT", 3000),
    publicOrigin: reader.origin("BETTER_AUTH_URL", undefined, "http://localhost:3000"),
    secret: reader.secret("BETTER_AUTH_SECRET"),
    databaseUrl: reader.databaseUrl(["BETTER_AUTH_DATABASE_URL", "NEON_DATABASE_URL"]),
    signingAlgorithm: reader.oneOf("BETTER_AUTH_JWT_ALG", SIGNING_ALGORITHMS, "EdDSA"),
    apiUrl: reader.origin("API_URL", "http://localhost:8000", "https://api.example.com"),
    authMode: reader.oneOf("AUTH_MODE", AUTH_MODES, "jwt"),
    rateLimit: reader.flag("AUTH_RATE_LIMIT", true),
    trustedProxies: reader.addresses("TRUSTED_PROXIES"),
    debug: reader.flag("DEBUG", false),
    adminHost: reader.text("ADMIN_HOST") ?? "127.0.0.1",
    adminPort: reader.adminPort("WEB_ADMIN_PORT", "WEB_PORT"),
    variables: "",
  };
  config.variables = [...reader.variables].sort().join(",");
  if (reader.faults.length > 0) throw new ConfigError(reader.faults);
  return config;
}

class Reader {
  readonly faults: Fault[] = [];
  readonly variables = new Set<string>();
  readonly #env: Environment;

  constructor(env: Environment) {
    this.#env = env;
  }

  /** An empty variable counts as unset, as compose files produce them. */
  text(variable: string): string | undefined {
    const value = this.#env[variable]?.trim() || undefined;
    if (value !== undefined) this.variables.add(variable);
    return value;
  }

  port(variable: string, fallback: number): number {
    const text = this.text(variable);
    if (text === undefined) return fallback;
    const port = Number(text);
    // 0 asks the system for a free port.
    if (/^\d+$/.test(text) && port <= 65535) return port;
    this.#fault(variable, "is not a port number from 0 to 65535", String(fallback));
    return fallback;
  }

  /** Undefined where it is not set; must be another one than the port that is for users. */
  adminPort(variable: string, userVariable: string): number | undefined {
    const text = this.text(variable);
    if (text === undefined) return undefined;
    if (text !== "0" && text === (this.text(userVariable) ?? "3000")) {
      this.#fault(variable, "is the port that is served to users; choose another one", "9100");
    }
    return this.port(variable, 9100);
  }

  flag(variable: string, fallback: boolean): boolean {
    const text = this.text(variable)?.toLowerCase();
    if (text === undefined) return fallback;
    if (text === "true" || text === "1") return true;
    if (text === "false" || text === "0") return false;
    this.#fault(variable, "is neither true nor false", String(fallback));
    return fallback;
  }

  oneOf<T extends string>(variable: string, allowed: readonly T[], fallback: T): T {
    const text = this.text(variable);
    if (text === undefined) return fallback;
    const found = allowed.find((value) => value === text);
    if (found !== undefined) return found;
    this.#fault(variable, `is not one of: ${allowed.join(" | ")}`, fallback);
    return fallback;
  }

  origin(variable: string, fallback: string | undefined, example: string): string {
    const text = this.text(variable) ?? fallback;
    if (text === undefined) {
      this.#fault(variable, "is not set", example);
      return "";
    }
    const problem = originProblem(text);
    if (problem === undefined) return new URL(text).origin;
    this.#fault(variable, problem, example);
    return "";
  }

  addresses(variable: string): BlockList {
    const entries = (this.text(variable) ?? "").split(",").map((entry) => entry.trim());
    try {
      return addressSet(entries.filter((entry) => entry !== ""));
    } catch (error) {
      this.#fault(variable, (error as Error).message, "10.0.0.1,172.16.0.0/12");
      return new BlockList();
    }
  }

  secret(variable: string): string {
    const secret = this.#fromFileOr(variable) ?? "";
    const hint = `${variable}=$(openssl rand -hex 32)`;
    if (secret === "") this.#missing(variable, hint);
    else if (secret.length < MIN_SECRET_LENGTH) {
      const problem = `has ${secret.length} characters; at least ${MIN_SECRET_LENGTH} are needed`;
      this.#faultLine(variable, problem, hint);
    }
    return secret;
  }

  /** The first of the variables that is set. Its value is never repeated in a fault. */
  databaseUrl(variables: readonly [string, ...string[]]): string {
    const [preferred] = variables;
    const example = (variable: string) => `${variable}=postgresql://user:password@db.example.com/todo`;
    for (const variable of variables) {
      const url = this.#fromFileOr(variable);
      if (url === undefined) continue;
      if (!/^postgres(ql)?:\/\/./.test(url)) {
        this.#faultLine(variable, "is not a postgresql:// connection string", example(variable));
      }
      return url;
    }
    this.#missing(preferred, example(preferred), variables.slice(1));
    return "";
  }

  /** X itself, or the content of the file that X_FILE names, without its last line break. */
  #fromFileOr(variable: string): string | undefined {
    const direct = this.text(variable);
    const fileVariable = `${variable}_FILE`;
    const path = this.text(fileVariable);
    if (path === undefined) return direct;
    if (direct !== undefined) {
      this.#fault(fileVariable, `is set together with ${variable}; keep one of the two`, "(unset)");
      return direct;
    }
    try {
      const content = readFileSync(path, "utf8").trim();
      if (content === "") this.#fault(fileVariable, "names an empty file", "/run/secrets/name");
      return content;
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code ?? "error";
      this.#fault(fileVariable, `names a file that cannot be read (${code})`, "/run/secrets/name");
      return "";
    }
  }

  /** Says so only when nothing more exact, such as an unreadable file, was said already. */
  #missing(variable: string, example: string, alternatives: readonly string[] = []): void {
    if (this.faults.some((fault) => fault.variable === `${variable}_FILE`)) return;
    const names = alternatives.length > 0 ? `, nor is ${alternatives.join(" or ")}` : "";
    this.#faultLine(variable, `is not set${names}`, example);
  }

  #fault(variable: string, problem: string, value: string): void {
    this.#faultLine(variable, problem, `${variable}=${value}`);
  }

  #faultLine(variable: string, problem: string, example: string): void {
    this.faults.push({ variable, problem, example });
  }
}

function originProblem(text: string): string | undefined {
  if (!URL.canParse(text)) return "is not a URL";
  const url = new URL(text);
  if (url.protocol !== "http:" && url.protocol !== "https:") return "is not an http or https URL";
  if (url.username !== "" || url.password !== "") return "must not carry a user name or password";
  if (url.pathname !== "/" || url.search !== "" || url.hash !== "") {
    return "must be scheme, host and port only, without a path";
  }
  return undefined;
}
