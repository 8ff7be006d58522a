import { describe, expect, it } from "vitest";
import type { PluginStatus } from "../../api/types.ts";
import { addressOf, named } from "./address.ts";

const row = (kind: PluginStatus["kind"], name: string, problem: PluginStatus["problem"] = null) =>
  ({ kind, name, problem }) as PluginStatus;

describe("the address of a plugin", () => {
  const rows = [row("flow", "main"), row("flow", "lines"), row("language", "lines")];

  it("tells plugins of one name apart by their kind", () => {
    expect(addressOf("language", "lines")).toBe("/flows/language/lines");
    expect(named(rows, "language", "lines")).toBe(rows[2]);
    expect(named(rows, "flow", "lines")).toBe(rows[1]);
  });

  it("is understood without a kind, as earlier consoles wrote it", () => {
    expect(named(rows, undefined, "lines")).toBe(rows[1]);
  });

  it("leads to what needs a look when it names nothing", () => {
    const broken = row("policy", "skills", []);
    expect(named([...rows, broken], undefined, undefined)).toBe(broken);
    expect(named(rows, "qa", "lines")).toBe(rows[0]);
  });
});
