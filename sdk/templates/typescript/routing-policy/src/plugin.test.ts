/** Tested natively: the bench makes batches. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { routing } from "@hotline/sdk/bench";
import plugin from "./plugin.ts";

test("the first in line gets the most proficient", () => {
  const agents = [routing.agent("ana", 90, { german: 3 }), routing.agent("ben", 10, { german: 9 })];
  const contacts = ["1", "2", "3"].map((id) => routing.waiting(id, ["german"], [0, 1]));
  assert.equal(routing.whoGetsWhom(plugin, routing.batch(agents, contacts)), "1>ben 2>ana 3>-");
});

test("of equals whoever is idle longest is given", () => {
  const agents = [routing.agent("ana", 90), routing.agent("ben", 10)];
  const told = routing.whoGetsWhom(plugin, routing.batch(agents, [routing.waiting("1", [], [0, 1])]));
  assert.equal(told, "1>ana");
});
