// The calls about tasks.
import { apiClient, type ApiClient, dataOf, headersOf, type Schemas, type WriteOptions } from "./api_client.ts";
import type { AuthorizedFetch } from "./gateway_call.ts";

/** Its `position` is an order key; see tasks/order_key.ts. */
export type Task = Schemas["todo.v1.Task"];
type TaskInput = Schemas["todo.v1.Task.Input"];
export type Priority = Exclude<Task["priority"], "PRIORITY_UNSPECIFIED">;

export const PRIORITIES: readonly Priority[] = ["High", "Medium", "Low"];

/** The fields that a user can change; null makes one unset. */
export type TaskChanges = Pick<
  TaskInput,
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
export type NewTask = TaskChanges & { title: string };

type TaskPage = Schemas["todo.v1.ListTasksResponse"];

const PAGE_SIZE = 200;

export class TaskApi {
  readonly #client: ApiClient;
  readonly #user: { user_id: string };

  constructor(fetch: AuthorizedFetch, userId: string) {
    this.#client = apiClient(fetch);
    this.#user = { user_id: userId };
  }

  /** All pages, oldest first; with those in the trash where that is asked for. */
  async list({ withTrash = false } = {}): Promise<Task[]> {
    const all: Task[] = [];
    const seen = new Set<string>();
    for (let pageToken = ""; ;) {
      const page = await this.#page(pageToken, withTrash);
      all.push(...page.items);
      pageToken = page.next_page_token;
      // A token that comes back would have us turn in a circle.
      if (pageToken === "" || seen.has(pageToken)) return all;
      seen.add(pageToken);
    }
  }

  get(id: string): Promise<Task> {
    return dataOf(this.#client.GET("/api/{user_id}/tasks/{task_id}", { params: { path: this.#path(id) } }));
  }

  create(task: NewTask, idempotencyKey?: string): Promise<Task> {
    const params = { path: this.#user, header: headersOf({ idempotencyKey }) };
    return dataOf(this.#client.POST("/api/{user_id}/tasks", { params, body: task }));
  }

  /** `etag` only where the change must not be made to a task that has changed meanwhile. */
  update(id: string, changes: TaskChanges, options: WriteOptions = {}): Promise<Task> {
    const params = { path: this.#path(id), header: headersOf(options) };
    return dataOf(this.#client.PATCH("/api/{user_id}/tasks/{task_id}", { params, body: changes }));
  }

  /** Moves it to the trash. */
  async remove(id: string): Promise<void> {
    await this.#client.DELETE("/api/{user_id}/tasks/{task_id}", { params: { path: this.#path(id) } });
  }

  /** Takes it out of the trash. */
  undelete(id: string): Promise<Task> {
    return dataOf(this.#client.POST("/api/{user_id}/tasks/{task_id}:undelete", { params: { path: this.#path(id) } }));
  }

  #page(pageToken: string, withTrash: boolean): Promise<TaskPage> {
    const query = {
      sort_by: "created_at",
      sort_order: "asc",
      page_size: PAGE_SIZE,
      ...(withTrash && { show_deleted: true }),
      ...(pageToken !== "" && { page_token: pageToken }),
    } as const;
    return dataOf(this.#client.GET("/api/{user_id}/tasks", { params: { path: this.#user, query } }));
  }

  #path(id: string) {
    return { ...this.#user, task_id: id };
  }
}
