import { formPath } from "../../../api/fields.ts";
import type { Calendar, CalendarForm } from "../../../api/types.ts";

export const DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;
export type Day = (typeof DAYS)[number];
export interface Hours {
  from: string;
  to: string;
}

/** The calendar by day, as people fill it in. */
export interface CalendarValues extends Record<string, unknown> {
  name: string;
  time_zone: string;
  week: Record<Day, Hours[]>;
  exceptions: { date: string; name: string; hours: Hours[] }[];
}

const OFFICE: Hours[] = [{ from: "09:00", to: "17:00" }];

export function valuesOf(calendar: Calendar | null): CalendarValues {
  const week = Object.fromEntries(DAYS.map((day) => [day, [] as Hours[]])) as Record<Day, Hours[]>;
  if (!calendar) {
    for (const day of DAYS.slice(0, 5)) week[day] = structuredClone(OFFICE);
  }
  for (const { days, hours } of calendar?.weekly ?? []) {
    for (const day of days) week[day] = structuredClone(hours);
  }
  return {
    name: calendar?.name ?? "",
    time_zone: calendar?.time_zone ?? Intl.DateTimeFormat().resolvedOptions().timeZone,
    week,
    exceptions: structuredClone(calendar?.exceptions ?? []),
  };
}

const openDays = (values: CalendarValues) => DAYS.filter((day) => values.week[day].length > 0);

/** One entry for each day that is open: {@link fieldOf} finds the days again by their places. */
export function draftOf(values: CalendarValues): CalendarForm {
  const tidy = (hours: Hours[]) =>
    hours.map(({ from, to }) => ({ from: timeOf(from), to: timeOf(to) }));
  return {
    time_zone: values.time_zone,
    weekly: openDays(values).map((day) => ({ days: [day], hours: tidy(values.week[day]) })),
    exceptions: values.exceptions.map((each) => ({ ...each, hours: tidy(each.hours) })),
  };
}

/** Where in the form the API's field of that draft stands: `weekly[1].hours[0].from`. */
export function fieldOf(field: string, values: CalendarValues): string {
  const path = formPath(field);
  const day = path.match(/^weekly\.(\d+)(?:\.hours)?(.*)$/);
  const opened = day && openDays(values)[Number(day[1])];
  // What is said of a pair of hours stands at its beginning.
  return (opened ? `week.${opened}${day[2]}` : path).replace(
    /(^week\.\w+\.\d+|\.hours\.\d+)$/,
    "$1.from",
  );
}

/** `9`, `930` and `9:30` as people type them: `09:00`, `09:30`. Anything else stays as it is. */
export function timeOf(text: string): string {
  const found = text.trim().match(/^(\d{1,2})(?::?(\d{2}))?$/);
  if (!found?.[1]) return text.trim();
  return `${found[1].padStart(2, "0")}:${found[2] ?? "00"}`;
}

export const isTime = (text: string): boolean =>
  /^(([01]\d|2[0-3]):[0-5]\d|24:00)$/.test(timeOf(text));

/** Days with the same hours together, in the week's order: `[["mon", "tue"], "09:00–17:00"]`. */
export function summary(calendar: Calendar): [Day[], string][] {
  const { week } = valuesOf(calendar);
  const groups: [Day[], string][] = [];
  for (const day of DAYS) {
    const hours = week[day].map(({ from, to }) => `${from}–${to}`).join(", ");
    if (!hours) continue;
    const same = groups.find(([, each]) => each === hours);
    if (same) same[0].push(day);
    else groups.push([[day], hours]);
  }
  return groups;
}
