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

interface ProblemJson {
  title?: unknown;
  detail?: unknown;
  error_code?: unknown;
}

export async function problemOf(response: Response): Promise<ApiProblem> {
  const body = await readProblem(response);
  const text = [body.detail, body.title].find((each) => typeof each === "string" && each !== "");
  const code = typeof body.error_code === "string" ? body.error_code : undefined;
  const message = typeof text === "string" ? text : `The server answered ${response.status}.`;
  return new ApiProblem(response.status, code, message);
}

async function readProblem(response: Response): Promise<ProblemJson> {
  try {
    const body: unknown = await response.json();
    return typeof body === "object" && body !== null ? body : {};
  } catch {
    return {};
  }
}
