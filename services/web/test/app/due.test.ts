import { describe, expect, it } from "vitest";
import { dayAfter, dayLabel, dueLabel, dueState, localMoment } from "../../app/tasks/due.ts";

const NOON = Date.UTC(2030, 5, 15, 12, 0);
const due = (dueDate?: string, dueTime?: string, timeZone = "UTC") => ({ dueDate, dueTime, timeZone });

describe("dueState", () => {
  it.each([
    [undefined, undefined, "none"],
    ["2030-06-14", undefined, "overdue"],
    ["2030-06-14", "23:59", "overdue"],
    ["2030-06-15", undefined, "today"],
    ["2030-06-15", "12:00", "overdue"],
    ["2030-06-15", "12:01", "today"],
    ["2030-06-16", "00:00", "upcoming"],
  ])("of %s %s is %s", (date, time, state) => {
    expect(dueState(due(date, time), NOON)).toBe(state);
  });

  it("is judged in the task's own time zone", () => {
    expect(dueState(due("2030-06-15", undefined, "Pacific/Auckland"), NOON)).toBe("overdue");
    expect(dueState(due("2030-06-15", "09:00", "America/Los_Angeles"), NOON)).toBe("today");
  });

  it("is judged here where the browser does not know the zone", () => {
    expect(localMoment(NOON, "Nowhere/Land")).toEqual(localMoment(NOON));
  });
});

it("the day after is the next one of the calendar", () => {
  expect(["2026-02-28", "2028-02-28", "2026-12-31"].map(dayAfter)).toEqual(["2026-03-01", "2028-02-29", "2027-01-01"]);
});

describe("labels", () => {
  it.each([
    ["2030-06-15", "Today"],
    ["2030-06-16", "Tomorrow"],
    ["2030-06-14", "Yesterday"],
    ["2030-06-18", "Tuesday"],
    ["2030-06-22", "Jun 22"],
    ["2030-06-10", "Jun 10"],
    ["2031-01-02", "Jan 2, 2031"],
  ])("of %s is %s", (date, label) => {
    expect(dayLabel(date, "2030-06-15", "en-US")).toBe(label);
  });

  it("name time and zone where there are any", () => {
    expect(dueLabel(due("2030-06-15", "18:30", "Europe/Berlin"), NOON, "en-US")).toBe("Today, 18:30 Europe/Berlin");
    expect(dueLabel(due(), NOON)).toBe("");
  });
});
