/** Tested natively: the bench makes conversations of lines, and hands on nothing but the state. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { FakeHost, qa } from "@hotline/sdk/bench";
import plugin from "./plugin.ts";

function hintedAt(lines: string, host = new FakeHost()): number[] {
  return qa.listen(plugin, qa.said(lines), host).map(([place]) => place);
}

test("the supervisor is told once when a customer asks again", () => {
  const places = hintedAt(`
    customer: I want to talk to your manager.
    agent: Our manager is out.
    customer: Then this is a COMPLAINT.
    customer: Your supervisor, please!
  `);
  assert.deepEqual(places, [2]);
});

test("agents may say what they like", () => {
  assert.deepEqual(hintedAt("agent: manager\nagent: manager"), []);
});

test("words and patience are those of the configuration", () => {
  const host = new FakeHost();
  host.config = { words: ["chef"], times: 1 };
  assert.deepEqual(hintedAt("customer: manager\ncustomer: Ihr Chef?", host), [1]);
});
