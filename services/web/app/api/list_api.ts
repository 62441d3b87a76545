// The calls about lists (projects).
import { apiClient, type ApiClient, dataOf, headersOf, type Schemas } from "./api_client.ts";
import type { AuthorizedFetch } from "./gateway_call.ts";

export type TaskList = Schemas["todo.v1.TaskList"];

export class ListApi {
  readonly #client: ApiClient;
  readonly #user: { user_id: string };

  constructor(fetch: AuthorizedFetch, userId: string) {
    this.#client = apiClient(fetch);
    this.#user = { user_id: userId };
  }

  async all(): Promise<TaskList[]> {
    return (await dataOf(this.#client.GET("/api/{user_id}/lists", { params: { path: this.#user } }))).items;
  }

  create(name: string, idempotencyKey: string): Promise<TaskList> {
    const params = { path: this.#user, header: headersOf({ idempotencyKey }) };
    return dataOf(this.#client.POST("/api/{user_id}/lists", { params, body: { name } }));
  }

  rename(id: string, name: string): Promise<TaskList> {
    return dataOf(
      this.#client.PATCH("/api/{user_id}/lists/{list_id}", { params: { path: this.#path(id) }, body: { name } }),
    );
  }

  /** The tasks in it stay, in no list. */
  async remove(id: string): Promise<void> {
    await this.#client.DELETE("/api/{user_id}/lists/{list_id}", { params: { path: this.#path(id) } });
  }

  #path(id: string) {
    return { ...this.#user, list_id: id };
  }
}
