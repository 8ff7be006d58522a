import type { DayUsage } from "../../api/types.ts";

/** What is looked at. */
export const MEASURES = ["fuel", "calls", "time", "faults"] as const;
export type Measure = (typeof MEASURES)[number];

/** What plugins are run for. */
export const PURPOSES = ["contacts", "shadow", "replay", "admission"] as const;
export type Purpose = (typeof PURPOSES)[number];

/** Figures of a plugin, over all its versions. */
export interface PluginSum {
  kind: string;
  name: string;
  versions: number;
  calls: number;
  faults: number;
  fuel: number;
  /** Of `fuel`: not for contacts. */
  beside: number;
  took_us: number;
  most_fuel: number;
  most_memory_bytes: number;
  /** By day. */
  days: Map<string, DayUsage[]>;
}

const faultsOf = (row: DayUsage) =>
  Object.values(row.faults as Record<string, number>).reduce((sum, times) => sum + times, 0);

/** One measure of some rows; time in seconds. */
export function measured(rows: DayUsage[], measure: Measure): number {
  const of = {
    fuel: (row: DayUsage) => row.fuel,
    calls: (row: DayUsage) => row.calls,
    time: (row: DayUsage) => row.took_us / 1e6,
    faults: faultsOf,
  }[measure];
  return rows.reduce((sum, row) => sum + of(row), 0);
}

/** The plugins, the one that used most fuel first. */
export function byPlugin(rows: DayUsage[]): PluginSum[] {
  const sums = new Map<string, PluginSum & { labels: Set<string> }>();
  for (const row of rows) {
    const key = `${row.plugin_kind}/${row.version.name}`;
    const sum = sums.get(key) ?? {
      kind: row.plugin_kind,
      name: row.version.name,
      versions: 0,
      calls: 0,
      faults: 0,
      fuel: 0,
      beside: 0,
      took_us: 0,
      most_fuel: 0,
      most_memory_bytes: 0,
      days: new Map<string, DayUsage[]>(),
      labels: new Set<string>(),
    };
    sums.set(key, sum);
    sum.labels.add(row.label);
    sum.versions = sum.labels.size;
    sum.calls += row.calls;
    sum.faults += faultsOf(row);
    sum.fuel += row.fuel;
    sum.beside += row.purpose === "contacts" ? 0 : row.fuel;
    sum.took_us += row.took_us;
    sum.most_fuel = Math.max(sum.most_fuel, row.most_fuel);
    sum.most_memory_bytes = Math.max(sum.most_memory_bytes, row.most_memory_bytes);
    sum.days.set(row.day, [...(sum.days.get(row.day) ?? []), row]);
  }
  return [...sums.values()].sort((a, b) => b.fuel - a.fuel || a.name.localeCompare(b.name));
}

/** The last so many days up to today, UTC, the oldest first. */
export function lastDays(count: number, now: number): string[] {
  return Array.from({ length: count }, (_, place) =>
    new Date(now - (count - 1 - place) * 86_400_000).toISOString().slice(0, 10),
  );
}

const COLUMNS = [
  "day",
  "kind",
  "plugin",
  "version",
  "component",
  "script",
  "purpose",
  "calls",
  "faults",
  "fuel",
  "most_fuel",
  "took_us",
  "longest_us",
  "most_memory_bytes",
] as const;

/** The rows as RFC 4180 has them, with a head; a day, version and purpose a line. */
export function csv(rows: DayUsage[]): string {
  const field = (value: string | number | null) => {
    let text = String(value ?? "");
    // A sheet would run a text that begins so.
    if (typeof value === "string" && /^[=+\-@\t\r]/.test(text)) text = `'${text}`;
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  const lines = rows.map((row) =>
    [
      row.day,
      row.plugin_kind,
      row.version.name,
      row.label,
      row.version.component,
      row.version.artifact,
      row.purpose,
      row.calls,
      faultsOf(row),
      row.fuel,
      row.most_fuel,
      row.took_us,
      row.longest_us,
      row.most_memory_bytes,
    ]
      .map(field)
      .join(","),
  );
  return `${[COLUMNS.join(","), ...lines].join("\r\n")}\r\n`;
}
