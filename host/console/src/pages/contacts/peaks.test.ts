import { expect, test } from "vitest";
import { peaks } from "./peaks.ts";

test("a click is seen in its own column, whatever its sign", () => {
  const samples = new Float32Array(1_000);
  samples[250] = -0.5;
  const columns = peaks(samples, 10);
  expect(columns[2]).toBeCloseTo(0.5);
  expect(columns.filter((peak) => peak > 0)).toHaveLength(1);
});

test("a recording shorter than the picture still fills every column", () => {
  expect(peaks(new Float32Array([1, 1, 1]), 6)).toEqual([1, 1, 1, 1, 1, 1]);
});
