import { expect, test } from "vitest";
import type { Exclusion } from "../../api/types.ts";
import { byReason } from "./by-reason.ts";

test("agents left out for one reason are named once for it, the most common reason first", () => {
  const skill = (text: string): Exclusion => ({ skill: text });
  const excluded: [string, Exclusion][] = [
    ["ana", "no_device"],
    ["ben", skill("cards >= 2")],
    ["chen", skill("english >= 4")],
    ["dana", skill("cards >= 2")],
  ];
  const words = (why: Exclusion) =>
    typeof why === "string" ? why : "skill" in why ? `not ${why.skill}` : "?";
  expect(byReason(excluded, words)).toEqual([
    ["not cards >= 2", ["ben", "dana"]],
    ["no_device", ["ana"]],
    ["not english >= 4", ["chen"]],
  ]);
});
