// What is kept in the browser between page loads. A browser may forbid that, and its storage may be full: then it is
// kept in this tab alone, and nothing else goes wrong.

export type ItemStorage = Pick<Storage, "getItem" | "setItem" | "removeItem" | "key" | "length">;

export class KeptItems {
  readonly #storage: ItemStorage | undefined;
  readonly #here = new Map<string, string>();

  constructor(storage: ItemStorage | undefined) {
    this.#storage = storage;
  }

  getItem(name: string): string | null {
    return this.#here.get(name) ?? this.#storage?.getItem(name) ?? null;
  }

  setItem(name: string, value: string): void {
    try {
      if (this.#storage === undefined) throw new Error("no storage");
      this.#storage.setItem(name, value);
      this.#here.delete(name);
    } catch {
      this.#here.set(name, value);
    }
  }

  removeItem(name: string): void {
    this.#here.delete(name);
    this.#storage?.removeItem(name);
  }

  /** The names that begin so. */
  names(prefix: string): string[] {
    const stored = Array.from({ length: this.#storage?.length ?? 0 }, (_, index) => this.#storage?.key(index) ?? "");
    return [...new Set([...stored, ...this.#here.keys()])].filter((name) => name.startsWith(prefix));
  }
}
