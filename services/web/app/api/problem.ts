// What went wrong with a call to the gateway, in words for the person who made it.

export class ApiProblem extends Error {
  override readonly name = "ApiProblem";
  readonly status: number;
  readonly errorCode: string | undefined;

  constructor(status: number, errorCode: string | undefined, message: string) {
    super(message);
    this.status = status;
    this.errorCode = errorCode;
  }
}

/** No answer: the network, the gateway, or the sign-in server is away. */
export class Unreachable extends Error {
  override readonly name = "Unreachable";
}

/** The session is over; signing in again is the only way on. */
export class SessionEnded extends Error {
  override readonly name = "SessionEnded";
}

/**
 * Whether nobody has said yes or no to what was asked: the call may have been carried out, as where no answer came, or has
 * not been looked at, as where nobody is signed in or too much was asked at once. It can be made again later.
 */
export function isUndecided(error: unknown): boolean {
  if (error instanceof Unreachable || error instanceof SessionEnded) return true;
  if (!(error instanceof ApiProblem)) return false;
  return UNDECIDED.has(error.status) || (error.status >= 500 && error.status !== 501);
}

const UNDECIDED = new Set([401, 408, 429]);

/** Whether what was to be changed is gone. */
export function isGone(error: unknown): boolean {
  return error instanceof ApiProblem && error.status === 404;
}

/** Whether what was to be changed has changed meanwhile. */
export function isStale(error: unknown): boolean {
  return error instanceof ApiProblem && error.status === 412;
}

/** Why something failed, as a sentence. */
export function reasonOf(error: unknown): string {
  if (isGone(error)) return "It was deleted elsewhere.";
  return error instanceof Error ? error.message : "Something unexpected happened.";
}

interface ProblemJson {
  title?: unknown;
  detail?: unknown;
  error_code?: unknown;
  errors?: unknown;
}

export async function problemOf(response: Response): Promise<ApiProblem> {
  const body = await readProblem(response);
  const text = [fieldMessages(body.errors), body.detail, body.title].find(
    (each) => typeof each === "string" && each !== "",
  );
  const code = typeof body.error_code === "string" ? body.error_code : undefined;
  const message = typeof text === "string" ? text : `The server answered ${response.status}.`;
  return new ApiProblem(response.status, code, message);
}

/** What is wrong with each field, where the server says it. */
function fieldMessages(errors: unknown): string {
  if (!Array.isArray(errors)) return "";
  const named = (each: unknown): each is { field: string; message: string } =>
    typeof each === "object" && each !== null && "field" in each && "message" in each;
  return errors
    .filter(named)
    .map(({ field, message }) => `${field}: ${message}.`)
    .join(" ");
}

async function readProblem(response: Response): Promise<ProblemJson> {
  try {
    const body: unknown = await response.json();
    return typeof body === "object" && body !== null ? body : {};
  } catch {
    return {};
  }
}
