// The lists (projects) of one user, in their order.
import { signal } from "@preact/signals";
import type { ListApi, TaskList } from "../api/list_api.ts";
import { isGone, reasonOf } from "../api/problem.ts";
import type { Say } from "../messages.ts";
import { newId } from "../new_id.ts";
import { OvertakenReads } from "../overtaken_reads.ts";

export type ListCalls = Pick<ListApi, "all" | "create" | "rename" | "remove">;

export class ListStore {
  readonly #api: ListCalls;
  readonly #say: Say;
  readonly #reads = new OvertakenReads();
  readonly lists = signal<readonly TaskList[]>([]);

  constructor(api: ListCalls, say: Say) {
    this.#api = api;
    this.#say = say;
  }

  /** Resolves with whether it worked. */
  async load({ quietly = false } = {}): Promise<boolean> {
    try {
      await this.#reads.during(
        () => this.#api.all(),
        (answer, changed) => {
          const known = this.lists.value;
          const read = answer.filter(({ id }) => !changed.has(id));
          this.lists.value = sorted([...read, ...known.filter(({ id }) => changed.has(id))]);
          return [...answer, ...known].map(({ id }) => id);
        },
      );
      return true;
    } catch (error) {
      if (!quietly) this.#say(`Your lists could not be loaded. ${reasonOf(error)}`);
      return false;
    }
  }

  /** A list as it is now, as another tab or device has left it. */
  apply(list: TaskList): void {
    const others = this.#without(list.id);
    this.lists.value = list.deleted_at === null ? sorted([...others, list]) : others;
  }

  /** Undefined where it could not be made. */
  async add(text: string): Promise<TaskList | undefined> {
    const name = text.trim();
    if (name === "") return undefined;
    return this.#attempt(`The list “${name}” was not added.`, async () => {
      const list = await this.#api.create(name, newId());
      this.apply(list);
      return list;
    });
  }

  async rename(list: TaskList, text: string): Promise<void> {
    const name = text.trim();
    if (name === "" || name === list.name) return;
    await this.#attempt(`“${list.name}” was not renamed.`, async () =>
      this.apply(await this.#api.rename(list.id, name)),
    );
  }

  /** The tasks in it stay, in no list. True where it is gone. */
  async remove(list: TaskList): Promise<boolean> {
    const done = await this.#attempt(`“${list.name}” was not deleted.`, async () => {
      await this.#api.remove(list.id).catch((error: unknown) => {
        if (!isGone(error)) throw error;
      });
      this.lists.value = this.#without(list.id);
      return true;
    });
    return done ?? false;
  }

  /** The lists but this one, about which something has become known. */
  #without(id: string): TaskList[] {
    this.#reads.note(id);
    return this.lists.value.filter((each) => each.id !== id);
  }

  async #attempt<T>(failure: string, work: () => Promise<T>): Promise<T | undefined> {
    try {
      return await work();
    } catch (error) {
      this.#say(`${failure} ${reasonOf(error)}`);
      return undefined;
    }
  }
}

function sorted(lists: readonly TaskList[]): TaskList[] {
  return [...lists].sort((a, b) => (a.position < b.position ? -1 : Number(a.position > b.position)));
}
