// Reads of all items, each with what has become known otherwise while it was under way: of those items the answer may be
// older than what is known, and what it does not name may be there all the same.
export class OvertakenReads {
  /** In the order in which they began. */
  readonly #underWay = new Set<Set<string>>();

  /**
   * Takes what `read` gives, together with the ids of what has changed meanwhile. `take` gives the ids of all that it has
   * settled: a read that began before this one knows less about them. Rejects as the read does.
   */
  async during<T>(
    read: () => Promise<T>,
    take: (answer: T, changed: ReadonlySet<string>) => Iterable<string>,
  ): Promise<void> {
    const changed = new Set<string>();
    this.#underWay.add(changed);
    try {
      const settled = take(await read(), changed);
      const begun = [...this.#underWay];
      const earlier = begun.slice(0, begun.indexOf(changed));
      for (const id of settled) for (const each of earlier) each.add(id);
    } finally {
      this.#underWay.delete(changed);
    }
  }

  /** Something about this item has become known otherwise than by a read of all. */
  note(id: string | undefined): void {
    if (id !== undefined) for (const changed of this.#underWay) changed.add(id);
  }
}
