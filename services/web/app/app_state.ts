// The app without its views: wires session, tasks, lists, live updates and drafts together.
import { batch, signal } from "@preact/signals";
import { type Accounts, AccountProblem } from "./account/accounts.ts";
import type { Access, OpenAccess, SessionKeeper } from "./account/access.ts";
import { type Finding, nextSession, type Session } from "./account/session.ts";
import type { AuthorizedFetch } from "./api/gateway_call.ts";
import type { Clock } from "./clock.ts";
import type { KeptItems } from "./kept_items.ts";
import { Messages } from "./messages.ts";
import { Drafts } from "./tasks/drafts.ts";
import type { Theme } from "./theme.ts";
import { Workspace } from "./workspace.ts";

export interface AppParts {
  accounts: Accounts;
  openAccess: OpenAccess;
  items: KeptItems;
  clock: Clock;
  theme: Theme;
  /** Undefined in browsers that have none. */
  locks: LockManager | undefined;
}

export class AppState {
  readonly session = signal<Session>({ kind: "starting" });
  readonly workspace = signal<Workspace | undefined>(undefined);
  readonly messages = new Messages();
  readonly drafts: Drafts;
  readonly accounts: Accounts;
  readonly theme: Theme;
  readonly clock: Clock;
  readonly #parts: AppParts;
  readonly #access: Access;
  #signingOut = false;

  constructor(parts: AppParts) {
    this.accounts = parts.accounts;
    this.theme = parts.theme;
    this.clock = parts.clock;
    this.#parts = parts;
    this.drafts = new Drafts(parts.items);
    this.#access = parts.openAccess((finding) => this.#follow(finding));
  }

  get keeper(): SessionKeeper {
    return this.#access.keeper;
  }

  start(): Promise<void> {
    return this.keeper.start();
  }

  /** For when the window gets the focus or the network comes back. */
  async wake(): Promise<void> {
    await this.keeper.renewIfDue();
    this.workspace.peek()?.wake();
  }

  /** For when the page is left, perhaps to be loaded anew. */
  leave(): void {
    if (this.session.peek().kind === "signed_in") this.drafts.keep();
  }

  /** Nothing of the user stays in this browser. So what could not be sent is sent first, or is given up only when told so. */
  async signOut({ anyway = false } = {}): Promise<void> {
    const tasks = this.workspace.peek()?.tasks;
    if (!anyway && tasks !== undefined && !(await tasks.sendAll())) return this.#askWhetherToSignOut();
    this.#signingOut = true;
    try {
      await this.keeper.signOut(() => this.accounts.signOut());
      this.drafts.clear();
      tasks?.giveUpUnsent();
    } catch (error) {
      const why = error instanceof AccountProblem ? error.message : "Try again.";
      this.messages.show(`You are still signed in. ${why}`);
    } finally {
      this.#signingOut = false;
    }
  }

  #askWhetherToSignOut(): void {
    this.messages.show("You are still signed in: some of what you typed is not sent yet, and would be lost.", {
      label: "Sign out anyway",
      run: () => void this.signOut({ anyway: true }),
    });
  }

  #follow(finding: Finding): void {
    batch(() => {
      const session = nextSession(this.session.peek(), finding, this.#signingOut);
      this.session.value = session;
      if (session.kind === "signed_in") this.#openWorkspace(session.user.id);
      if (session.kind === "signed_out") this.#closeWorkspace();
    });
  }

  #openWorkspace(userId: string): void {
    if (this.workspace.peek()?.userId === userId) return;
    this.#closeWorkspace();
    this.drafts.belongTo(userId);
    const fetch: AuthorizedFetch = (path, init) => this.#access.fetch(path, init);
    const { clock, items, locks } = this.#parts;
    const workspace = new Workspace({ userId, fetch, clock, items, locks, say: this.messages.show });
    this.workspace.value = workspace;
    workspace.open();
  }

  #closeWorkspace(): void {
    this.workspace.peek()?.close();
    this.workspace.value = undefined;
    // It was said to this user alone.
    this.messages.dismiss();
  }
}
