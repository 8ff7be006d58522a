import { expect, test } from "vitest";
import { moves } from "./moves.ts";

test("a trial needs a version to be compared with", () => {
  expect(moves("staged", true)).toEqual(["shadow", "canary", "activate", "quarantine"]);
  expect(moves("staged", false)).toEqual(["activate", "quarantine"]);
});

test("what was refused can only be sent anew", () => {
  expect(moves("rejected", true)).toEqual([]);
});
