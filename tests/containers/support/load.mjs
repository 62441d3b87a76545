// Clients that go on writing and reading while something is done to the installation, and a history of what each was answered.
import { randomUUID } from "node:crypto";
import { request } from "../../e2e/support/http.mjs";

/** One attempt: what was answered, or that nothing was, and how long that took. */
async function attempt(method, url, options) {
  const began = Date.now();
  try {
    const { status, headers, json } = await request(method, url, options);
    return { method, began, ended: Date.now(), status, retryAfter: headers.get("retry-after"), json };
  } catch (error) {
    return { method, began, ended: Date.now(), status: 0, reason: error.cause?.code ?? String(error) };
  }
}

export class Load {
  /** Everything that was attempted, in the order in which it ended. */
  attempts = [];
  /** Each create: its key, its title, and whether it was acknowledged. */
  creates = [];
  #stopped = false;
  #workers;

  /** `users` are { url, token() } each: the tasks' URL, and a token to show. */
  constructor(users, workersPerUser = 2) {
    this.#workers = users.flatMap((user) => Array.from({ length: workersPerUser }, () => this.#work(user)));
  }

  async #work(user) {
    while (!this.#stopped) {
      const create = { user, key: randomUUID(), title: `task ${randomUUID()}`, isAcknowledged: false };
      this.creates.push(create);
      this.#note(await this.#post(create));
      this.#note(await attempt("GET", `${user.url}?page_size=5`, { token: user.token() }));
    }
  }

  async #post(create) {
    const { user, key, title } = create;
    const options = { token: user.token(), json: { title }, headers: { "idempotency-key": key } };
    const outcome = await attempt("POST", user.url, options);
    if (outcome.status === 201) create.isAcknowledged = true;
    return outcome;
  }

  #note(outcome) {
    this.attempts.push(outcome);
  }

  /** Resolves once `count` attempts in a row have succeeded, all of them begun from now on. */
  async untilWell(count = 20, seconds = 60) {
    const from = Date.now();
    while (Date.now() < from + seconds * 1000) {
      const recent = this.attempts.filter(({ began }) => began >= from).slice(-count);
      if (recent.length === count && recent.every(({ status }) => status === 200 || status === 201)) return;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error(`not well after ${seconds} s: ${JSON.stringify(this.attempts.slice(-10))}`);
  }

  async stop() {
    this.#stopped = true;
    await Promise.all(this.#workers);
  }

  /** Sends every create that was not acknowledged again, with its key: it must be known then. */
  async settle() {
    for (const create of this.creates.filter(({ isAcknowledged }) => !isAcknowledged)) {
      const outcome = await this.#post(create);
      if (!create.isAcknowledged) throw new Error(`a create cannot be settled: ${JSON.stringify(outcome)}`);
    }
  }
}

/** All titles of a user's tasks. */
export async function titlesOf(user) {
  const titles = [];
  let pageToken = "";
  do {
    const answer = await request("GET", `${user.url}?page_size=100&page_token=${encodeURIComponent(pageToken)}`, { token: user.token() });
    if (answer.status !== 200) throw new Error(answer.text);
    titles.push(...answer.json.items.map(({ title }) => title));
    pageToken = answer.json.next_page_token ?? "";
  } while (pageToken !== "");
  return titles;
}
