// Keys of the manual order (fractional indexes): text that is compared byte by byte, with room for another key between
// any two. The first character says how long the whole part is: `a` one digit to `z` 26, `Z` one to `A` 26 for places
// before those. What follows the whole part is a fraction, which never ends in 0.

const DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const FIRST_KEY = "a0";
const MAX_LENGTH = 128;

/** A key behind `before` and ahead of `after`; undefined where there is no room, or they are not in that order. */
export function keyBetween(before: string | undefined, after: string | undefined): string | undefined {
  if (before !== undefined && after !== undefined && before >= after) return undefined;
  const key = between(before, after);
  return key !== undefined && key.length <= MAX_LENGTH ? key : undefined;
}

function between(before: string | undefined, after: string | undefined): string | undefined {
  if (before === undefined) return after === undefined ? FIRST_KEY : ahead(after);
  const [whole, fraction] = split(before);
  if (after !== undefined) {
    const [wholeAfter, fractionAfter] = split(after);
    if (whole === wholeAfter) return whole + middle(fraction, fractionAfter);
  }
  const next = stepped(whole, 1);
  if (next !== undefined && (after === undefined || next < after)) return next;
  return whole + middle(fraction, undefined);
}

function ahead(after: string): string | undefined {
  const [whole, fraction] = split(after);
  return fraction === "" ? stepped(whole, -1) : whole;
}

function split(key: string): [whole: string, fraction: string] {
  const head = key.charCodeAt(0);
  const digits = key.charAt(0) >= "a" ? head - 96 : 91 - head;
  return [key.slice(0, 1 + digits), key.slice(1 + digits)];
}

/** The whole part one up or down; undefined at the end of all of them. */
function stepped(whole: string, by: 1 | -1): string | undefined {
  const digits = Array.from(whole.slice(1), (digit) => DIGITS.indexOf(digit));
  for (let at = digits.length - 1; at >= 0; at -= 1) {
    const digit = (digits[at] ?? 0) + by;
    digits[at] = (digit + DIGITS.length) % DIGITS.length;
    if (digits[at] === digit) return whole.charAt(0) + text(digits);
  }
  return withOtherLength(whole.charAt(0), by);
}

/** All digits have run over: the whole part gets one longer, or shorter where it counts down to `a` or from `A`. */
function withOtherLength(head: string, by: 1 | -1): string | undefined {
  if (head === (by === 1 ? "z" : "A")) return undefined;
  if (by === 1 && head === "Z") return FIRST_KEY;
  if (by === -1 && head === "a") return "Zz";
  const next = String.fromCharCode(head.charCodeAt(0) + by);
  const digits = next >= "a" ? next.charCodeAt(0) - 96 : 91 - next.charCodeAt(0);
  return next + (by === 1 ? "0" : "z").repeat(digits);
}

/** A fraction between two others; undefined stands for one. */
function middle(low: string, high: string | undefined): string {
  if (high !== undefined) {
    let same = 0;
    while (same < high.length && (low.charAt(same) || "0") === high.charAt(same)) same += 1;
    if (same > 0) return high.slice(0, same) + middle(low.slice(same), high.slice(same));
  }
  const from = low === "" ? 0 : DIGITS.indexOf(low.charAt(0));
  const to = high === undefined ? DIGITS.length : DIGITS.indexOf(high.charAt(0));
  if (to - from > 1) return DIGITS.charAt(Math.floor((from + to) / 2));
  if (high !== undefined && high.length > 1) return high.charAt(0);
  return DIGITS.charAt(from) + middle(low.slice(1), undefined);
}

function text(digits: readonly number[]): string {
  return digits.map((digit) => DIGITS.charAt(digit)).join("");
}
