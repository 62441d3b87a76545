import { describe, expect, it } from "vitest";
import { FILTERS, filterOfHash, hashOf, passes } from "../../app/tasks/filter.ts";

describe("filters", () => {
  it("have an address each, which leads back to them", () => {
    expect(FILTERS.map(hashOf)).toEqual(["#/", "#/active", "#/completed"]);
    expect(FILTERS.map((filter) => filterOfHash(hashOf(filter)))).toEqual([...FILTERS]);
  });

  it.each(["", "#", "#/", "#/nonsense"])("list everything at %j", (hash) => {
    expect(filterOfHash(hash)).toBe("all");
  });

  it("let pass what they say", () => {
    const [open, done] = [false, true].map((isCompleted) => ({ key: "k", title: "t", isCompleted }));
    const passing = FILTERS.map((filter) => [open, done].map((task) => task && passes(filter, task)));
    expect(passing).toEqual([
      [true, true],
      [true, false],
      [false, true],
    ]);
  });
});
