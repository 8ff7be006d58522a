/** Tested natively: the bench makes batches. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { FakeHost, purely, routing } from "@hotline/sdk/bench";
import type { Fact } from "@hotline/sdk/routing";
import plugin from "./plugin.ts";

const history = (known: string): Fact[] => [["history", known]];

test("who called lately comes first", () => {
  const base = (facts: Fact[]) =>
    purely(new FakeHost(), 0, () => plugin.exports.policy.rank(routing.visit({ facts }))).base;
  assert.equal(base(history('{"contacts_90_days":3}')), 3);
  assert.equal(base(history('{"contacts_90_days":99}')), 5);
  assert.equal(base(history("null")), 0);
  assert.equal(base([]), 0);
});

test("the agent of last time is given if free", () => {
  const agents = [routing.agent("ana", 90), routing.agent("ben", 10)];
  const back = { ...routing.waiting("1", [], [0, 1]), facts: history('{"last_agent":"ben"}') };
  const contacts = [back, routing.waiting("2", [], [0, 1])];
  assert.equal(routing.whoGetsWhom(plugin, routing.batch(agents, contacts)), "1>ben 2>ana");
});

test("it plans what it reads", () => {
  const { lookups } = plugin.exports;
  assert.equal(purely(new FakeHost(), 0, () => lookups?.plan(routing.visit()))?.[0]?.id, "history");
});
