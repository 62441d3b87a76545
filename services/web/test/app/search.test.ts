import { describe, expect, it } from "vitest";
import { matcher } from "../../app/tasks/search.ts";

describe("search", () => {
  it.each([
    ["", "Anything", "", true],
    ["mil", "Buy milk", "", true],
    ["MILK buy", "Buy milk", "", true],
    ["ilk", "Buy milk", "", false],
    ["buy oat", "Buy milk", "the oat kind", true],
    ["émi", "Écrire à Émile", "", true],
    ["!?", "Buy milk", "", false],
    ["a1", "Room A12", "", true],
  ])("%j finds %j / %j: %s", (query, title, description, found) => {
    expect(matcher(query)(title, description)).toBe(found);
  });
});
