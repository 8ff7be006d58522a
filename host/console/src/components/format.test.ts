import { expect, test } from "vitest";
import { duration, percent } from "./format.ts";

test("a duration reads like a phone's timer", () => {
  expect(duration(0)).toBe("0:00");
  expect(duration(7_900)).toBe("0:07");
  expect(duration(750_000)).toBe("12:30");
  expect(duration(3_723_000)).toBe("1:02:03");
});

test("a duration never goes below zero, and an unknown one is a dash", () => {
  expect(duration(-5_000)).toBe("0:00");
  expect(duration(null)).toBe("–");
});

test("a service level before any answer is a dash, not zero", () => {
  expect(percent(null, "en")).toBe("–");
  expect(percent(0.834, "en")).toBe("83%");
});
