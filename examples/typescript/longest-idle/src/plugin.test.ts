import assert from "node:assert/strict";
import { test } from "node:test";
import { FakeHost, purely, routing } from "@hotline/sdk/bench";
import type { Fact } from "@hotline/sdk/routing";
import plugin from "./plugin.ts";

const history = (known: object): Fact[] => [["history", JSON.stringify(known)]];

function base(facts: Fact[], config: object = {}): number {
  const host = new FakeHost();
  host.config = config;
  return purely(host, 0, () => plugin.exports.policy.rank(routing.visit({ facts }))).base;
}

test("history raises the priority, as much as is configured, and nothing known does not", () => {
  assert.equal(base(history({ contacts_90_days: 3 })), 3);
  assert.equal(base(history({ contacts_90_days: 3 }), { points_per_contact: 0.5 }), 1.5);
  assert.equal(base(history({ contacts_90_days: 99 })), 5);
  assert.equal(base([]), 0);
  assert.equal(base([["history", "null"]]), 0);
});

test("the agent of last time is given if free, else whoever is idle longest", () => {
  const agents = [routing.agent("ana", 90), routing.agent("ben", 10)];
  const back = { ...routing.waiting("1", [], [0, 1]), facts: history({ last_agent: "ben" }) };
  const fresh = routing.waiting("2", [], [0, 1]);
  const told = (...contacts: (typeof fresh)[]) =>
    routing.whoGetsWhom(plugin, routing.batch(agents, contacts));
  assert.equal(told(back, fresh), "1>ben 2>ana");
  assert.equal(told(fresh, back), "2>ana 1>ben");
  assert.equal(told(fresh, back, fresh), "2>ana 1>ben 2>-");
});
