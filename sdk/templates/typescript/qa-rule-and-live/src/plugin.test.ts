/** Tested natively: the bench makes transcripts and conversations of lines. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { FakeHost, qa } from "@hotline/sdk/bench";
import plugin from "./plugin.ts";

const TOLD = qa.said("system: Welcome. This call may be RECORDED.\nagent: Good morning.");
const UNTOLD = qa.said(`
  agent: Good morning.
  customer: Is this recorded?
  agent: What is it about?
  agent: Hello?
`);

test("whoever was told passes with its place, and nobody is reminded", () => {
  const [finding] = qa.judge(plugin, TOLD);
  assert.equal(finding?.verdict, "passed");
  assert.equal(finding?.atTurn, 0);
  assert.deepEqual(qa.listen(plugin, TOLD), []);
});

test("whoever was not fails, after the agent was reminded once", () => {
  const [finding] = qa.judge(plugin, UNTOLD);
  assert.equal(finding?.verdict, "failed");
  assert.deepEqual(
    qa.listen(plugin, UNTOLD).map(([place]) => place),
    [2],
  );
});

test("the words are those of the configuration", () => {
  const host = new FakeHost();
  host.config = { words: ["aufgezeichnet"], within_turns: 1 };
  const [finding] = qa.judge(plugin, qa.said("agent: Das Gespräch wird aufgezeichnet."), host);
  assert.equal(finding?.verdict, "passed");
});
