import { describe, expect, it } from "vitest";
import { KeptItems } from "../../app/kept_items.ts";

/** A browser's storage with room for so many items. */
function storageOf(room: number) {
  const items = new Map<string, string>();
  return {
    items,
    get length() {
      return items.size;
    },
    key: (index: number) => [...items.keys()][index] ?? null,
    getItem: (name: string) => items.get(name) ?? null,
    setItem: (name: string, value: string) => {
      if (items.size >= room && !items.has(name)) throw new DOMException("full", "QuotaExceededError");
      items.set(name, value);
    },
    removeItem: (name: string) => void items.delete(name),
  };
}

describe("KeptItems", () => {
  it.each([
    ["forbidden", undefined],
    ["full", storageOf(0)],
    ["as it should be", storageOf(10)],
  ])("keeps what it is given where the storage is %s", (_, storage) => {
    const kept = new KeptItems(storage);
    kept.setItem("a:1", "one");
    kept.setItem("a:2", "two");
    kept.setItem("b", "other");
    kept.removeItem("a:2");
    expect(kept.getItem("a:1")).toBe("one");
    expect(kept.getItem("a:2")).toBeNull();
    expect(kept.names("a:")).toEqual(["a:1"]);
  });

  it("goes back to the storage once there is room", () => {
    const storage = storageOf(1);
    const kept = new KeptItems(storage);
    storage.setItem("else", "x");
    kept.setItem("a", "one");
    storage.removeItem("else");
    kept.setItem("a", "two");
    expect(storage.items.get("a")).toBe("two");
    expect(kept.getItem("a")).toBe("two");
  });
});
