// The gateway's routes for tasks, typed. To be generated from its OpenAPI description later.
import type { AuthorizedFetch } from "./gateway_call.ts";
import { problemOf } from "./problem.ts";

export interface Task {
  id: string;
  user_id: string;
  title: string;
  description: string | null;
  is_completed: boolean;
  priority: "High" | "Medium" | "Low";
  created_at: string;
  updated_at: string;
}

export interface Me {
  user_id: string;
  email: string;
  name: string;
}

export type NewTask = Pick<Task, "title"> & Partial<Pick<Task, "description" | "priority">>;
export type TaskChanges = Partial<Pick<Task, "title" | "description" | "is_completed" | "priority">>;

interface TaskPage {
  items: Task[];
  count: number;
  next_page_token?: string | null;
}

const PAGE_SIZE = "200";

export class TaskApi {
  readonly #fetch: AuthorizedFetch;
  readonly #tasks: string;

  constructor(fetch: AuthorizedFetch, userId: string) {
    this.#fetch = fetch;
    this.#tasks = `/api/${encodeURIComponent(userId)}/tasks`;
  }

  me(): Promise<Me> {
    return this.#json("GET", "/api/me");
  }

  /** All pages, oldest first. */
  async list(): Promise<Task[]> {
    const all: Task[] = [];
    const seen = new Set<string>();
    for (let pageToken = ""; ; ) {
      const page = await this.#page(pageToken);
      all.push(...page.items);
      pageToken = page.next_page_token ?? "";
      // A token that comes back would have us turn in a circle.
      if (pageToken === "" || seen.has(pageToken)) return all;
      seen.add(pageToken);
    }
  }

  create(task: NewTask): Promise<Task> {
    return this.#json("POST", this.#tasks, task);
  }

  update(id: string, changes: TaskChanges): Promise<Task> {
    return this.#json("PATCH", this.#path(id), changes);
  }

  /** Completing a completed task changes nothing. */
  complete(id: string): Promise<Task> {
    return this.#json("POST", `${this.#path(id)}/complete`);
  }

  toggle(id: string): Promise<Task> {
    return this.#json("PATCH", `${this.#path(id)}/complete`);
  }

  async remove(id: string): Promise<void> {
    await this.#send("DELETE", this.#path(id));
  }

  #page(pageToken: string): Promise<TaskPage> {
    const query = new URLSearchParams({
      sort_by: "created_at",
      sort_order: "asc",
      page_size: PAGE_SIZE,
    });
    if (pageToken !== "") query.set("page_token", pageToken);
    return this.#json("GET", `${this.#tasks}?${query}`);
  }

  #path(id: string): string {
    return `${this.#tasks}/${encodeURIComponent(id)}`;
  }

  async #json<T>(method: string, path: string, body?: unknown): Promise<T> {
    return (await this.#send(method, path, body)).json() as Promise<T>;
  }

  async #send(method: string, path: string, body?: unknown): Promise<Response> {
    const response = await this.#fetch(path, {
      method,
      ...(body === undefined
        ? {}
        : { body: JSON.stringify(body), headers: { "Content-Type": "application/json" } }),
    });
    if (!response.ok) throw await problemOf(response);
    return response;
  }
}
