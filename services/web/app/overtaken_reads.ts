// Reads of all items, each with what changed while it was under way: of those items the answer may be older than what is
// known, and what it does not name may be there all the same.
export class OvertakenReads {
  readonly #underWay = new Set<Set<string>>();

  /** Rejects as the read does. */
  async during<T>(read: () => Promise<T>): Promise<{ answer: T; changed: ReadonlySet<string> }> {
    const changed = new Set<string>();
    this.#underWay.add(changed);
    try {
      return { answer: await read(), changed };
    } finally {
      this.#underWay.delete(changed);
    }
  }

  /** Something about this item has become known otherwise than by a read of all. */
  note(id: string | undefined): void {
    if (id !== undefined) for (const changed of this.#underWay) changed.add(id);
  }
}
