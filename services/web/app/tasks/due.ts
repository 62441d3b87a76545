// When a task is due, as seen from a place and a moment. Pure: `now` is always an argument.

/** A moment as clocks and calendars show it somewhere. */
export interface LocalMoment {
  /** `YYYY-MM-DD` */
  date: string;
  /** `HH:MM` */
  time: string;
}

export interface Due {
  dueDate: string | undefined;
  dueTime: string | undefined;
  /** IANA name; undefined means wherever the user is. */
  timeZone: string | undefined;
}

export type DueState = "none" | "overdue" | "today" | "upcoming";

/** Making a format, and asking one, is what costs most when a thousand tasks are looked at: both are done once. */
const formats = new Map<string, Intl.DateTimeFormat>();
const moments = new Map<string, { nowMs: number; moment: LocalMoment }>();

/** In the machine's own time zone where none, or one that this browser does not know, is given. */
export function localMoment(nowMs: number, timeZone?: string): LocalMoment {
  const known = moments.get(timeZone ?? "");
  if (known?.nowMs === nowMs) return known.moment;
  const format = formatOf(`zone ${timeZone ?? ""}`, () => makeFormat(timeZone));
  const parts = Object.fromEntries(format.formatToParts(nowMs).map(({ type, value }) => [type, value]));
  const moment = { date: `${parts.year}-${parts.month}-${parts.day}`, time: `${parts.hour}:${parts.minute}` };
  moments.set(timeZone ?? "", { nowMs, moment });
  return moment;
}

export function dueState(due: Due, nowMs: number): DueState {
  if (due.dueDate === undefined) return "none";
  const { date, time } = localMoment(nowMs, due.timeZone);
  if (due.dueDate !== date) return due.dueDate < date ? "overdue" : "upcoming";
  return due.dueTime !== undefined && due.dueTime <= time ? "overdue" : "today";
}

/** The due date in words: Yesterday, Today, Tomorrow, a weekday within a week, else a date. */
export function dueLabel(due: Due, nowMs: number, locale?: string): string {
  if (due.dueDate === undefined) return "";
  const today = localMoment(nowMs, due.timeZone).date;
  const time = due.dueTime === undefined ? "" : `, ${due.dueTime}`;
  const zone = due.timeZone === undefined ? "" : ` ${due.timeZone}`;
  return dayLabel(due.dueDate, today, locale) + time + zone;
}

export function dayLabel(date: string, today: string, locale?: string): string {
  const days = (atNoon(date) - atNoon(today)) / 86_400_000;
  if (days === 0) return "Today";
  if (days === 1) return "Tomorrow";
  if (days === -1) return "Yesterday";
  const soon = days > 1 && days < 7;
  const thisYear = date.slice(0, 4) === today.slice(0, 4);
  const name = ["day", locale, soon, thisYear].join(" ");
  return formatOf(name, () => dayFormat(soon, thisYear, locale)).format(atNoon(date));
}

export function dayAfter(date: string): string {
  return new Date(atNoon(date) + 86_400_000).toISOString().slice(0, 10);
}

function dayFormat(soon: boolean, thisYear: boolean, locale: string | undefined): Intl.DateTimeFormat {
  const year = thisYear ? {} : ({ year: "numeric" } as const);
  const form = soon ? ({ weekday: "long" } as const) : ({ day: "numeric", month: "short", ...year } as const);
  return new Intl.DateTimeFormat(locale, { timeZone: "UTC", ...form });
}

function atNoon(date: string): number {
  return Date.parse(`${date}T12:00:00Z`);
}

function formatOf(name: string, make: () => Intl.DateTimeFormat): Intl.DateTimeFormat {
  const format = formats.get(name) ?? make();
  formats.set(name, format);
  return format;
}

function makeFormat(timeZone: string | undefined): Intl.DateTimeFormat {
  const fields = { year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit" } as const;
  const options = { ...fields, hourCycle: "h23", calendar: "gregory", numberingSystem: "latn" } as const;
  try {
    return new Intl.DateTimeFormat("en-US", timeZone === undefined ? options : { ...options, timeZone });
  } catch {
    return new Intl.DateTimeFormat("en-US", options);
  }
}
