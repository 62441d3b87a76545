// Who signed in, signed up and signed out, and who was turned away: what an auditor asks for later.
import type { Answer } from "./answer.ts";
import type { Log } from "./log.ts";
import { currentRequest } from "./request_context.ts";

const EVENTS = new Map([
  ["/api/auth/sign-in/email", "sign_in"],
  ["/api/auth/sign-up/email", "sign_up"],
  ["/api/auth/sign-out", "sign_out"],
]);

const noteSubject = (session: { userId: string }): Promise<void> => {
  const request = currentRequest();
  if (request !== undefined) request.sub = session.userId;
  return Promise.resolve();
};

/** For Better Auth: notes whose session begins or ends. */
export const sessionHooks = { create: { after: noteSubject }, delete: { after: noteSubject } };

/** Writes the line for an answer of Better Auth's, where it is one that matters. */
export function audit(log: Log, pathname: string, answer: Answer): void {
  const event = EVENTS.get(pathname);
  if (event === undefined) return;
  const request = currentRequest();
  const isOk = answer.status < 400;
  log(isOk ? "info" : "warning", event, {
    outcome: isOk ? "ok" : answer.status < 500 ? "refused" : "failed",
    reason: isOk ? undefined : codeOf(answer),
    status: answer.status,
    sub: request?.sub,
    peer: request?.peer,
  });
}

/** Better Auth's own name for what went wrong, such as INVALID_EMAIL_OR_PASSWORD. */
function codeOf(answer: Answer): string | undefined {
  try {
    const { code } = JSON.parse(answer.body?.toString() ?? "") as { code?: unknown };
    return typeof code === "string" && /^[A-Z_]{1,64}$/.test(code) ? code : undefined;
  } catch {
    return undefined;
  }
}
