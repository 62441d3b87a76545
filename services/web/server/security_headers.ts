// Sent with every answer, errors included.
import type { Config } from "./config.ts";

/** The browser app talks to its own origin and to the API, and loads nothing from elsewhere. */
export function securityHeaders({
  apiUrl,
  publicOrigin,
}: Pick<Config, "apiUrl" | "publicOrigin">): Record<string, string> {
  const policy = [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    `connect-src 'self' ${apiUrl}`,
    "manifest-src 'self'",
    "worker-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
  ];
  return {
    "Content-Security-Policy": policy.join("; "),
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    // As the gateway does: a browser that was here by https never comes by http again.
    ...(publicOrigin.startsWith("https:") && { "Strict-Transport-Security": "max-age=31536000" }),
  };
}
