// The gateway's routes for lists (projects), typed after proto/todo/v1.
import type { AuthorizedFetch } from "./gateway_call.ts";
import { callJson, sendJson } from "./json_calls.ts";

export interface TaskList {
  id: string;
  name: string;
  position: string;
  etag: string;
  deleted_at: string | null;
}

export class ListApi {
  readonly #fetch: AuthorizedFetch;
  readonly #lists: string;

  constructor(fetch: AuthorizedFetch, userId: string) {
    this.#fetch = fetch;
    this.#lists = `/api/${encodeURIComponent(userId)}/lists`;
  }

  async all(): Promise<TaskList[]> {
    return (await callJson<{ items: TaskList[] }>(this.#fetch, "GET", this.#lists)).items;
  }

  create(name: string, idempotencyKey: string): Promise<TaskList> {
    return callJson(this.#fetch, "POST", this.#lists, { body: { name }, idempotencyKey });
  }

  rename(id: string, name: string): Promise<TaskList> {
    return callJson(this.#fetch, "PATCH", this.#path(id), { body: { name } });
  }

  /** The tasks in it stay, in no list. */
  async remove(id: string): Promise<void> {
    await sendJson(this.#fetch, "DELETE", this.#path(id));
  }

  #path(id: string): string {
    return `${this.#lists}/${encodeURIComponent(id)}`;
  }
}
