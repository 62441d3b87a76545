import { describe, expect, it } from "vitest";
import { keyBetween } from "../../app/tasks/order_key.ts";

const FORM = /^(?:[a-z]|[A-Z])[0-9A-Za-z]+$/;

function expectBetween(before: string | undefined, after: string | undefined): string {
  const key = keyBetween(before, after) ?? "";
  expect(key).toMatch(FORM);
  if (before !== undefined) expect(key > before, `${key} > ${before}`).toBe(true);
  if (after !== undefined) expect(key < after, `${key} < ${after}`).toBe(true);
  const digits = key.charAt(0) >= "a" ? key.charCodeAt(0) - 96 : 91 - key.charCodeAt(0);
  expect(key.length).toBeGreaterThan(digits);
  if (key.length > 1 + digits) expect(key.endsWith("0")).toBe(false);
  return key;
}

describe("keyBetween", () => {
  it.each([
    [undefined, undefined, "a0"],
    ["a0", undefined, "a1"],
    ["az", undefined, "b00"],
    ["Zz", undefined, "a0"],
    [undefined, "a0", "Zz"],
    [undefined, "Z0", "Yzz"],
    [undefined, "a0V", "a0"],
    ["a0", "a1", "a0V"],
    ["a0", "a2", "a1"],
    ["a0V", "a1", "a0k"],
    ["Zz", "a1", "a0"],
  ])("between %s and %s is %s", (before, after, key) => {
    expect(keyBetween(before, after)).toBe(key);
  });

  it("finds room at the same place a hundred times, from either side", () => {
    let low: string | undefined = "a0";
    let high: string | undefined = "a1";
    for (let i = 0; i < 100; i += 1) high = expectBetween(low, high);
    high = "a1";
    for (let i = 0; i < 100; i += 1) low = expectBetween(low, high);
  });

  it("goes on at both ends, across changes of length", () => {
    let [first, last] = ["a0", "a0"];
    for (let i = 0; i < 5_000; i += 1) {
      first = expectBetween(undefined, first);
      last = expectBetween(last, undefined);
    }
  });

  it("finds nothing where the two are not in order, or no room is left", () => {
    expect(keyBetween("a1", "a1")).toBeUndefined();
    expect(keyBetween("a2", "a1")).toBeUndefined();
    expect(keyBetween("a0", `a0${"0".repeat(126)}1`)).toBeUndefined();
  });
});
