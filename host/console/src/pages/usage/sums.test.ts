import { describe, expect, it } from "vitest";
import type { DayUsage } from "../../api/types.ts";
import { byPlugin, csv, lastDays, measured } from "./sums.ts";

const row = (
  day: string,
  name: string,
  digest: string,
  fuel: number,
  purpose: DayUsage["purpose"] = "contacts",
): DayUsage => ({
  day,
  plugin_kind: "flow",
  version: { name, component: digest, artifact: null },
  label: `${name}@${digest}`,
  purpose,
  calls: 2,
  faults: { trapped: 1 } as unknown as DayUsage["faults"],
  fuel,
  most_fuel: fuel,
  took_us: 500_000,
  longest_us: 400_000,
  most_memory_bytes: 65_536,
});

describe("usage", () => {
  const rows = [
    row("2026-11-22", "main", "b", 10),
    row("2026-11-21", "main", "a", 5),
    row("2026-11-21", "sales", "c", 40),
  ];

  it("adds up a plugin's versions, the dearest plugin first", () => {
    const sums = byPlugin(rows);
    expect(sums.map((sum) => [sum.name, sum.versions, sum.fuel, sum.calls, sum.faults])).toEqual([
      ["sales", 1, 40, 2, 1],
      ["main", 2, 15, 4, 2],
    ]);
    expect(measured(sums[1]?.days.get("2026-11-22") ?? [], "time")).toBe(0.5);
  });

  it("tells what was not for contacts", () => {
    const [sum] = byPlugin([...rows.slice(0, 1), row("2026-11-22", "main", "b", 3, "shadow")]);
    expect([sum?.fuel, sum?.beside, sum?.versions]).toEqual([13, 3, 1]);
  });

  it("ends with today in UTC", () => {
    const now = Date.UTC(2026, 2, 1, 0, 30);
    expect(lastDays(3, now)).toEqual(["2026-02-27", "2026-02-28", "2026-03-01"]);
  });

  it("exports a line for each day and version that a sheet reads as text and figures", () => {
    const [head, first, ...rest] = csv([
      row("2026-11-22", '=cmd("x"),', "b", 123_456_789_012),
    ]).split("\r\n");
    expect(
      head?.startsWith("day,kind,plugin,version,component,script,purpose,calls,faults,fuel"),
    ).toBe(true);
    expect(first).toContain(
      `2026-11-22,flow,"'=cmd(""x""),","'=cmd(""x""),@b",b,,contacts,2,1,123456789012`,
    );
    expect(rest).toEqual([""]);
  });
});
