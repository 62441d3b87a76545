// Follows what changes on the server, wherever it was changed. One tab of a browser holds the stream and tells the
// others: HTTP/1.1 has six connections an origin, and one stream a tab would use them up.
import type { TaskList } from "../api/list_api.ts";
import type { AuthorizedFetch } from "../api/gateway_call.ts";
import { SessionEnded } from "../api/problem.ts";
import type { Task } from "../api/task_api.ts";
import type { Clock } from "../clock.ts";
import { readEvents, type ServerEvent } from "./event_stream.ts";

/** What the stream tells, and the tabs tell each other. */
export interface News {
  eventId: string;
  task?: Task | null;
  task_list?: TaskList | null;
  /** Something may have been missed: everything has to be read again. */
  missed?: boolean;
  /** The gateway answers, perhaps after it did not. */
  reached?: boolean;
}

export interface TabChannel {
  tell(news: News): void;
  /** Gives a function that ends it. */
  onTold(callback: (news: News) => void): () => void;
}

/** Runs the work in one tab at a time, once it is this one's turn. */
export type Leadership = (signal: AbortSignal, work: () => Promise<void>) => Promise<void>;

export interface LiveUpdatesParts {
  fetch: AuthorizedFetch;
  path: string;
  clock: Clock;
  channel: TabChannel;
  leadership: Leadership;
  onNews(news: News): void;
}

const FIRST_RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 30_000;
/** A heartbeat comes each 15 s. */
const SILENCE_MS = 40_000;

export class LiveUpdates {
  readonly #parts: LiveUpdatesParts;
  readonly #stopped = new AbortController();
  #lastEventId = "";
  #failures = 0;
  #wake: () => void = () => {};

  constructor(parts: LiveUpdatesParts) {
    this.#parts = parts;
  }

  start(): void {
    const stopListening = this.#parts.channel.onTold((news) => this.#hear(news));
    this.#stopped.signal.addEventListener("abort", stopListening);
    void this.#parts.leadership(this.#stopped.signal, () => this.#follow());
  }

  stop(): void {
    this.#stopped.abort();
    this.#wake();
  }

  /** For when the network comes back, or the window gets the focus: does not wait for the next try. */
  hurry(): void {
    this.#failures = 0;
    this.#wake();
  }

  async #follow(): Promise<void> {
    while (!this.#stopped.signal.aborted) {
      const end = await this.#stream().catch((error: unknown) => (error instanceof SessionEnded ? "over" : "failed"));
      if (end === "over") return;
      if (end === "failed") await this.#pause();
    }
  }

  /** One connection, until it ends. */
  async #stream(): Promise<"ended" | "failed" | "over"> {
    const connection = new AbortController();
    const abort = () => connection.abort();
    this.#stopped.signal.addEventListener("abort", abort);
    let cancelTimer = this.#parts.clock.after(SILENCE_MS, abort);
    const onBytes = () => {
      cancelTimer();
      cancelTimer = this.#parts.clock.after(SILENCE_MS, abort);
    };
    try {
      const headers = { Accept: "text/event-stream", ...(this.#lastEventId && { "Last-Event-ID": this.#lastEventId }) };
      const response = await this.#parts.fetch(this.#parts.path, { headers, signal: connection.signal });
      if (response.status === 410) return this.#startOver();
      if (!response.ok || response.body === null) return "failed";
      this.#spread({ eventId: this.#lastEventId, reached: true });
      for await (const event of readEvents(response.body, onBytes)) {
        if (event.type === "error") return this.#afterError(event);
        this.#take(event);
      }
      return "failed";
    } finally {
      cancelTimer();
      this.#stopped.signal.removeEventListener("abort", abort);
    }
  }

  #take(event: ServerEvent): void {
    this.#failures = 0;
    const isFirst = this.#lastEventId === "";
    const { task, task_list } = JSON.parse(event.data) as Omit<News, "eventId">;
    // A stream that begins now knows nothing of what changed since the tasks were read.
    this.#spread({ eventId: event.id, task: task ?? null, task_list: task_list ?? null, missed: isFirst });
  }

  #spread(news: News): void {
    if (this.#stopped.signal.aborted) return;
    this.#parts.channel.tell(news);
    this.#hear(news);
  }

  #hear(news: News): void {
    if (news.eventId !== "") this.#lastEventId = news.eventId;
    this.#parts.onNews(news);
  }

  #afterError(event: ServerEvent): "ended" | "failed" {
    const code = (JSON.parse(event.data) as { error_code?: unknown }).error_code;
    if (code === "SYNC_TOKEN_EXPIRED") return this.#startOver();
    // The next call takes a new token.
    return code === "TOKEN_EXPIRED" ? "ended" : "failed";
  }

  #startOver(): "failed" {
    this.#lastEventId = "";
    return "failed";
  }

  #pause(): Promise<void> {
    if (this.#stopped.signal.aborted) return Promise.resolve();
    const most = Math.min(FIRST_RETRY_MS * 2 ** this.#failures, LONGEST_RETRY_MS);
    this.#failures += 1;
    return new Promise((resolve) => {
      // Jitter: a server that comes back is not asked by all at once.
      const cancel = this.#parts.clock.after(most * (0.5 + Math.random() / 2), resolve);
      this.#wake = () => {
        cancel();
        resolve();
      };
    });
  }
}
