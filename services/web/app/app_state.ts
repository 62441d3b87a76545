// The app without its views: wires session, tasks and drafts together.
import { batch, signal } from "@preact/signals";
import { type Accounts, AccountProblem } from "./account/accounts.ts";
import type { Access, OpenAccess, SessionKeeper } from "./account/access.ts";
import { type Finding, nextSession, type Session } from "./account/session.ts";
import { TaskApi } from "./api/task_api.ts";
import { Messages } from "./messages.ts";
import { Drafts } from "./tasks/drafts.ts";
import { TaskStore } from "./tasks/task_store.ts";

export interface AppParts {
  accounts: Accounts;
  openAccess: OpenAccess;
}

export class AppState {
  readonly session = signal<Session>({ kind: "starting" });
  readonly tasks = signal<TaskStore | undefined>(undefined);
  readonly drafts = new Drafts();
  readonly messages = new Messages();
  readonly accounts: Accounts;
  readonly #access: Access;
  #userId: string | undefined;
  #signingOut = false;

  constructor(parts: AppParts) {
    this.accounts = parts.accounts;
    this.#access = parts.openAccess((finding) => this.#follow(finding));
  }

  get keeper(): SessionKeeper {
    return this.#access.keeper;
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

  #follow(finding: Finding): void {
    batch(() => {
      const session = nextSession(this.session.peek(), finding, this.#signingOut);
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
    const api = new TaskApi(this.#access.fetch, userId);
    const store = new TaskStore({ api, onFailure: (text) => this.messages.show(text) });
    this.tasks.value = store;
    void store.load();
  }

  #forgetTasks(): void {
    this.#userId = undefined;
    this.tasks.value = undefined;
  }
}
