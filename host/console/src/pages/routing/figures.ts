import type { Difference, Estimate, FigureGroup } from "../../api/types.ts";

/** The figures that are shown, in their order, and how they are read. */
export const FIGURES = [
  { name: "offered", unit: "count", better: null },
  { name: "service_level", unit: "share", better: "higher" },
  { name: "abandoned_share", unit: "share", better: "lower" },
  { name: "mean_wait_s", unit: "seconds", better: "lower" },
  { name: "wait_p90_s", unit: "seconds", better: "lower" },
  { name: "total_wait_s", unit: "seconds", better: "lower" },
  { name: "transferred_share", unit: "share", better: "lower" },
  { name: "aht_s", unit: "seconds", better: "lower" },
  { name: "occupancy", unit: "share", better: null },
] as const;

export type Figure = (typeof FIGURES)[number];
export type Verdict = "better" | "worse" | "unsure" | "neither";

/** What a difference means: unsure when its interval holds the zero. */
export function verdict(figure: Figure, difference: Difference): Verdict {
  if (difference.low <= 0 && difference.high >= 0) return "unsure";
  if (figure.better === null) return "neither";
  return difference.mean > 0 === (figure.better === "higher") ? "better" : "worse";
}

/** A figure's value in its unit: `84.2 %`, `12.5 s`. */
export function shown(unit: Figure["unit"], value: number, language: string): string {
  const digits = unit === "count" ? 0 : 1;
  const number = new Intl.NumberFormat(language, {
    ...(unit === "share" ? { style: "percent" as const } : {}),
    maximumFractionDigits: digits,
    minimumFractionDigits: unit === "count" ? 0 : digits,
  }).format(value);
  return unit === "seconds" ? `${number} s` : number;
}

export const estimateOf = (
  figures: Record<string, Estimate | undefined>,
  figure: Figure,
): Estimate | undefined => figures[figure.name];

/** The same group, as text: `all`, `urgent`, or a queue's name. */
export const groupKey = (group: FigureGroup): string =>
  typeof group === "string" ? group : `queue:${group.queue}`;

export type Period = "today" | "yesterday" | "week";

const midnight = (at: Date, days: number) =>
  new Date(at.getFullYear(), at.getMonth(), at.getDate() + days).getTime();

/** From when until when, by this browser's days; the last seven end with yesterday. */
export function spanOf(period: Period, now: number): { from: number; to: number } {
  const today = new Date(now);
  switch (period) {
    case "today":
      return { from: midnight(today, 0), to: now };
    case "yesterday":
      return { from: midnight(today, -1), to: midnight(today, 0) };
    case "week":
      // Where clocks change a week may be an hour longer than seven days, which is the most.
      return {
        from: Math.max(midnight(today, -7), midnight(today, 0) - 7 * 86_400_000),
        to: midnight(today, 0),
      };
  }
}
