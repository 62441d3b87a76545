// Signs a user up over HTTP, as a browser would.
import { randomBytes } from "node:crypto";
import { ORIGIN } from "./running_web_app.ts";

export interface Account {
  email: string;
  password: string;
  cookie: string;
  userId: string;
}

export function post(url: string, body: unknown, cookie = ""): Promise<Response> {
  return fetch(url, {
    method: "POST",
    headers: { "Content-Type": "application/json", Origin: ORIGIN, ...(cookie ? { Cookie: cookie } : {}) },
    body: JSON.stringify(body),
  });
}

export async function signUp(baseUrl: string): Promise<Account> {
  const email = `ada-${randomBytes(6).toString("hex")}@example.test`;
  const password = `password-${randomBytes(6).toString("hex")}`;
  const response = await post(`${baseUrl}/api/auth/sign-up/email`, { email, password, name: "Ada" });
  if (!response.ok) throw new Error(`sign-up answered ${response.status}: ${await response.text()}`);
  const { user } = (await response.json()) as { user: { id: string } };
  return { email, password, cookie: cookieOf(response), userId: user.id };
}

export function cookieOf(response: Response): string {
  return response.headers
    .getSetCookie()
    .map((cookie) => cookie.split(";")[0])
    .join("; ");
}

export async function tokenOf(baseUrl: string, cookie: string): Promise<string> {
  const response = await fetch(`${baseUrl}/api/auth/token`, { headers: { Cookie: cookie } });
  if (!response.ok) throw new Error(`token answered ${response.status}`);
  return ((await response.json()) as { token: string }).token;
}

export interface DecodedToken {
  header: Record<string, unknown>;
  claims: Record<string, unknown>;
}

export function decode(token: string): DecodedToken {
  const [header = "", claims = ""] = token.split(".");
  const part = (text: string) => JSON.parse(Buffer.from(text, "base64url").toString("utf8"));
  return { header: part(header), claims: part(claims) };
}
