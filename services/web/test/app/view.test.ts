import { describe, expect, it } from "vitest";
import { makeTask } from "../support/fake_gateway.ts";
import { confirmedEntry, shown, type ShownTask } from "../../app/tasks/entry.ts";
import { hashOf, passes, type Place, placeOfHash, tasksIn, type View } from "../../app/tasks/view.ts";

const NOON = new Date(2030, 5, 15, 12, 0).getTime();

describe("the address", () => {
  it.each<[string, Place]>([
    ["#/", { view: { kind: "all" }, filter: "all" }],
    ["#/active", { view: { kind: "all" }, filter: "active" }],
    ["#/today/completed", { view: { kind: "today" }, filter: "completed" }],
    ["#/list/id%2F1", { view: { kind: "list", id: "id/1" }, filter: "all" }],
    ["#/tag/50%25%20off/active", { view: { kind: "tag", name: "50% off" }, filter: "active" }],
    ["#/trash", { view: { kind: "trash" }, filter: "all" }],
  ])("%s is a place, there and back", (hash, place) => {
    expect(placeOfHash(hash)).toEqual(place);
    expect(hashOf(place)).toBe(hash);
  });

  it.each(["", "#", "#/nonsense", "#/list", "#/tag"])("%s is all todos", (hash) => {
    expect(placeOfHash(hash).view).toEqual({ kind: "all" });
  });

  it("with a broken escape is taken as it is", () => {
    expect(placeOfHash("#/tag/%E0%A4").view).toEqual({ kind: "tag", name: "%E0%A4" });
  });
});

describe("a view", () => {
  const task = (title: string, fields: object) => shown(confirmedEntry(makeTask({ title, ...fields }))) as ShownTask;
  const tasks = [
    task("someday", {}),
    task("next week", { due_date: "2030-06-22" }),
    task("tomorrow", { due_date: "2030-06-16", tags: ["home"] }),
    task("tonight", { due_date: "2030-06-15", due_time: "20:00", list_id: "l1" }),
    task("today", { due_date: "2030-06-15" }),
    task("this morning", { due_date: "2030-06-15", due_time: "09:00" }),
    task("late, done", { due_date: "2030-06-01", is_completed: true }),
    task("this morning, done", { due_date: "2030-06-15", due_time: "08:00", is_completed: true }),
  ];

  it.each<[View, string[]]>([
    [{ kind: "all" }, tasks.map(({ title }) => title)],
    [{ kind: "today" }, ["this morning, done", "tonight", "today"]],
    [{ kind: "upcoming" }, ["tomorrow", "next week"]],
    [{ kind: "overdue" }, ["this morning"]],
    [{ kind: "list", id: "l1" }, ["tonight"]],
    [{ kind: "tag", name: "home" }, ["tomorrow"]],
    [{ kind: "trash" }, []],
  ])("%o holds its todos, in its order", (view, titles) => {
    expect(tasksIn(view, tasks, NOON).map(({ title }) => title)).toEqual(titles);
  });

  it("can be narrowed to what is active or completed", () => {
    expect(passes("active", { isCompleted: true })).toBe(false);
    expect(passes("completed", { isCompleted: true })).toBe(true);
    expect(passes("all", { isCompleted: true })).toBe(true);
  });
});
