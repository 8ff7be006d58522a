import { expect, test } from "vitest";
import type { Difference } from "../../api/types.ts";
import { FIGURES, shown, spanOf, verdict } from "./figures.ts";

const difference = (figure: string, low: number, high: number) =>
  ({
    policy: "b",
    from: "a",
    group: "all",
    figure,
    mean: (low + high) / 2,
    low,
    high,
  }) as Difference;
const judged = (name: string, low: number, high: number) => {
  const figure = FIGURES.find((each) => each.name === name);
  return figure && verdict(figure, difference(name, low, high));
};

test("a difference whose interval holds the zero says nothing", () => {
  expect(judged("mean_wait_s", -2, 1)).toBe("unsure");
  expect(judged("mean_wait_s", 0, 0)).toBe("unsure");
});

test("shorter waits are better, a lower service level is worse, more occupancy is neither", () => {
  expect(judged("mean_wait_s", -9, -3)).toBe("better");
  expect(judged("service_level", -0.1, -0.02)).toBe("worse");
  expect(judged("occupancy", 0.01, 0.02)).toBe("neither");
});

test("figures are read in their unit", () => {
  expect(shown("share", 0.842, "en")).toBe("84.2%");
  expect(shown("seconds", 12.49, "en")).toBe("12.5 s");
  expect(shown("count", 2400, "en")).toBe("2,400");
});

test("yesterday is a whole day, and a week is never longer than the host allows", () => {
  const now = new Date(2026, 2, 29, 15, 30).getTime();
  const { from, to } = spanOf("yesterday", now);
  expect([new Date(from).getDate(), new Date(to).getDate()]).toEqual([28, 29]);
  for (const day of [1, 29, 30]) {
    const span = spanOf("week", new Date(2026, 9, day, 9).getTime());
    expect(span.to - span.from).toBeLessThanOrEqual(7 * 86_400_000);
  }
});
