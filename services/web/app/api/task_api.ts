// The gateway's routes for tasks, typed after proto/todo/v1.
import type { AuthorizedFetch } from "./gateway_call.ts";
import { callJson, type CallOptions, sendJson } from "./json_calls.ts";

export const PRIORITIES = ["High", "Medium", "Low"] as const;
export type Priority = (typeof PRIORITIES)[number];

export interface Task {
  id: string;
  user_id: string;
  title: string;
  description: string | null;
  is_completed: boolean;
  priority: Priority;
  /** `YYYY-MM-DD` */
  due_date: string | null;
  /** `HH:MM` */
  due_time: string | null;
  time_zone: string | null;
  tags: string[];
  list_id: string | null;
  /** An order key; see tasks/order_key.ts. */
  position: string;
  completed_at: string | null;
  created_at: string;
  updated_at: string;
  /** Set in the trash, and only there. */
  deleted_at: string | null;
  etag: string;
}

export type TaskFields = Pick<
  Task,
  | "title"
  | "description"
  | "is_completed"
  | "priority"
  | "due_date"
  | "due_time"
  | "time_zone"
  | "tags"
  | "list_id"
  | "position"
>;
export type NewTask = Pick<Task, "title"> & Partial<TaskFields>;
export type TaskChanges = Partial<TaskFields>;

export interface Me {
  user_id: string;
  email: string;
  name: string;
}

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

  /** All pages, oldest first; with those in the trash where that is asked for. */
  async list({ withTrash = false } = {}): Promise<Task[]> {
    const all: Task[] = [];
    const seen = new Set<string>();
    for (let pageToken = ""; ;) {
      const page = await this.#page(pageToken, withTrash);
      all.push(...page.items);
      pageToken = page.next_page_token ?? "";
      // A token that comes back would have us turn in a circle.
      if (pageToken === "" || seen.has(pageToken)) return all;
      seen.add(pageToken);
    }
  }

  get(id: string): Promise<Task> {
    return this.#json("GET", this.#path(id));
  }

  create(task: NewTask, idempotencyKey?: string): Promise<Task> {
    return this.#json("POST", this.#tasks, { body: task, idempotencyKey });
  }

  /** `etag` only where the change must not be made to a task that has changed meanwhile. */
  update(id: string, changes: TaskChanges, options: Pick<CallOptions, "etag" | "idempotencyKey"> = {}): Promise<Task> {
    return this.#json("PATCH", this.#path(id), { body: changes, ...options });
  }

  /** Moves it to the trash. */
  async remove(id: string): Promise<void> {
    await sendJson(this.#fetch, "DELETE", this.#path(id));
  }

  /** Takes it out of the trash. */
  undelete(id: string): Promise<Task> {
    return this.#json("POST", `${this.#path(id)}:undelete`);
  }

  #page(pageToken: string, withTrash: boolean): Promise<TaskPage> {
    const query = new URLSearchParams({ sort_by: "created_at", sort_order: "asc", page_size: PAGE_SIZE });
    if (withTrash) query.set("show_deleted", "true");
    if (pageToken !== "") query.set("page_token", pageToken);
    return this.#json("GET", `${this.#tasks}?${query}`);
  }

  #path(id: string): string {
    return `${this.#tasks}/${encodeURIComponent(id)}`;
  }

  #json<T>(method: string, path: string, options?: CallOptions): Promise<T> {
    return callJson(this.#fetch, method, path, options);
  }
}
