// The app without its views: wires token keeper, session, tasks and drafts together.
import { batch, signal } from "@preact/signals";
import { type Accounts, AccountProblem } from "./account/accounts.ts";
import { nextSession, type Session } from "./account/session.ts";
import { createAuthorizedFetch } from "./api/authorized_fetch.ts";
import { TaskApi } from "./api/task_api.ts";
import type { ClientConfig } from "./client_config.ts";
import type { Clock } from "./clock.ts";
import { Messages } from "./messages.ts";
import { Drafts } from "./tasks/drafts.ts";
import { TaskStore } from "./tasks/task_store.ts";
import { TokenKeeper, type TokenKeeperParts, type TokenState } from "./token/token_keeper.ts";

export interface AppParts {
  config: ClientConfig;
  fetchFn: typeof fetch;
  accounts: Accounts;
  clock: Clock;
  token: Pick<TokenKeeperParts, "storage" | "source" | "exclusive">;
}

export class AppState {
  readonly session = signal<Session>({ kind: "starting" });
  readonly tasks = signal<TaskStore | undefined>(undefined);
  readonly drafts = new Drafts();
  readonly messages = new Messages();
  readonly accounts: Accounts;
  readonly keeper: TokenKeeper;
  readonly #parts: AppParts;
  #userId: string | undefined;
  #signingOut = false;

  constructor(parts: AppParts) {
    this.#parts = parts;
    this.accounts = parts.accounts;
    const onState = (state: TokenState) => this.#follow(state);
    this.keeper = new TokenKeeper({ ...parts.token, clock: parts.clock, onState });
  }

  start(): Promise<void> {
    return this.keeper.start();
  }

  async signOut(): Promise<void> {
    this.#signingOut = true;
    try {
      await this.keeper.signOut(() => this.accounts.signOut());
      this.drafts.clear();
    } catch (error) {
      const why = error instanceof AccountProblem ? error.message : "Try again.";
      this.messages.show(`You are still signed in. ${why}`);
    } finally {
      this.#signingOut = false;
    }
  }

  #follow(state: TokenState): void {
    batch(() => {
      const session = nextSession(this.session.peek(), state, this.#signingOut);
      this.session.value = session;
      if (session.kind === "signed_in") this.#showTasksOf(session.user.id);
      if (session.kind === "signed_out") this.#forgetTasks();
    });
  }

  #showTasksOf(userId: string): void {
    if (this.#userId === userId) return;
    this.#userId = userId;
    this.drafts.belongTo(userId);
    this.messages.dismiss();
    const store = new TaskStore({ api: this.#apiOf(userId), onFailure: (text) => this.messages.show(text) });
    this.tasks.value = store;
    void store.load();
  }

  #forgetTasks(): void {
    this.#userId = undefined;
    this.tasks.value = undefined;
  }

  #apiOf(userId: string): TaskApi {
    const { fetchFn, clock, config } = this.#parts;
    const fetch = createAuthorizedFetch({ fetchFn, clock, baseUrl: config.apiUrl, tokens: this.keeper });
    return new TaskApi(fetch, userId);
  }
}
