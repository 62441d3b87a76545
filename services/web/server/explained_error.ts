/**
 * An error whose message is our own: it says what to do next and carries no data of users,
 * so it may be logged as it is.
 */
export class ExplainedError extends Error {
  override readonly name = "ExplainedError";
}
