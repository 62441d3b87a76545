// All that belongs to one user who is signed in: tasks, lists, and the stream that keeps them up to date.
import { signal } from "@preact/signals";
import type { AuthorizedFetch } from "./api/gateway_call.ts";
import { ListApi } from "./api/list_api.ts";
import { SessionEnded } from "./api/problem.ts";
import { TaskApi } from "./api/task_api.ts";
import type { Clock } from "./clock.ts";
import type { KeptItems } from "./kept_items.ts";
import { ListStore } from "./lists/list_store.ts";
import { LiveUpdates, type News } from "./live/live_updates.ts";
import { leadership, tabChannel } from "./live/tabs.ts";
import type { Say } from "./messages.ts";
import { Outbox } from "./tasks/outbox.ts";
import { type Conflict, TaskStore } from "./tasks/task_store.ts";

export interface WorkspaceParts {
  userId: string;
  fetch: AuthorizedFetch;
  clock: Clock;
  items: KeptItems;
  /** Undefined in browsers that have none. */
  locks: LockManager | undefined;
  say: Say;
}

const MINUTE_MS = 60_000;
const FIRST_RELOAD_MS = 2_000;

export class Workspace {
  readonly userId: string;
  readonly tasks: TaskStore;
  readonly lists: ListStore;
  /** What is to be decided by the user, one after the other. */
  readonly conflicts = signal<readonly Conflict[]>([]);
  /** Moves on each minute, so that what falls due is seen to. */
  readonly now;
  readonly #clock: Clock;
  readonly #live: LiveUpdates;
  #cancelTick: () => void = () => {};
  #cancelReload: () => void = () => {};
  #failedLoads = 0;
  #isOpen = false;

  constructor({ userId, clock, items, locks, ...parts }: WorkspaceParts) {
    this.userId = userId;
    this.#clock = clock;
    this.now = signal(clock.now());
    const say: Say = (text, action) => {
      // Nothing of this user is told to the next one.
      if (this.#isOpen) parts.say(text, action);
    };
    const fetch = this.#whileOpen(parts.fetch);
    this.tasks = new TaskStore({
      api: new TaskApi(fetch, userId),
      outbox: new Outbox(items, userId),
      clock,
      say,
      onConflict: (conflict) => {
        this.conflicts.value = [...this.conflicts.value, conflict];
      },
    });
    this.lists = new ListStore(new ListApi(fetch, userId), say);
    this.#live = new LiveUpdates({
      fetch,
      path: `/api/${encodeURIComponent(userId)}/tasks/stream`,
      clock,
      channel: tabChannel(userId),
      leadership: leadership(locks, userId),
      onNews: (news) => this.#hear(news),
    });
  }

  open(): void {
    this.#isOpen = true;
    this.#tick();
    this.#live.start();
    void this.load();
  }

  close(): void {
    this.#isOpen = false;
    this.#cancelTick();
    this.#cancelReload();
    this.#live.stop();
  }

  /** Until it works: what is not read now would be missing until something else changes. */
  async load(): Promise<void> {
    this.#cancelReload();
    // Said once: there is one place for messages, and what can be undone is offered there.
    const quietly = this.#failedLoads > 0;
    const [tasks, lists] = await Promise.all([this.tasks.load({ quietly }), this.lists.load({ quietly })]);
    this.#failedLoads = tasks && lists ? 0 : this.#failedLoads + 1;
    if (this.#failedLoads === 0 || !this.#isOpen) return;
    const delayMs = Math.min(FIRST_RELOAD_MS * 2 ** (this.#failedLoads - 1), MINUTE_MS);
    this.#cancelReload = this.#clock.after(delayMs, () => void this.load());
  }

  wake(): void {
    this.#live.hurry();
    void this.tasks.sendUnsent();
  }

  /** Calls of a user who is not signed in any more are not made, nor is it believed what was said to somebody else. */
  #whileOpen(fetch: AuthorizedFetch): AuthorizedFetch {
    const isOver = () => !this.#isOpen;
    return async (path, init) => {
      const response = isOver() ? undefined : await fetch(path, init);
      if (response === undefined || (response.status === 403 && isOver())) {
        throw new SessionEnded("Your session has ended.");
      }
      return response;
    };
  }

  #hear({ task, task_list: list, missed, reached }: News): void {
    if (!this.#isOpen) return;
    if (task) this.tasks.apply(task);
    if (list) this.lists.apply(list);
    if (missed) void this.load();
    // Before the tasks have been read that is left to whoever reads them.
    if (reached && this.tasks.loadState.value === "loaded") void this.tasks.sendUnsent();
  }

  #tick(): void {
    this.now.value = this.#clock.now();
    this.#cancelTick = this.#clock.after(MINUTE_MS, () => this.#tick());
  }
}
