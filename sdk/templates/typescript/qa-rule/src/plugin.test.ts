/** Tested natively: the bench makes transcripts of lines. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { FakeHost, qa } from "@hotline/sdk/bench";
import plugin from "./plugin.ts";

test("a farewell in the last turn passes with its place", () => {
  const [finding] = qa.judge(
    plugin,
    qa.said(`
      agent: Support, good morning.
      customer: It works again, thanks.
      agent: Then GOODBYE!
    `),
  );
  assert.equal(finding?.verdict, "passed");
  assert.equal(finding?.atTurn, 2);
});

test("whoever only hangs up fails", () => {
  const turns = qa.said("agent: Goodbye is what I will say later.\nagent: That is all.");
  const [finding] = qa.judge(plugin, turns);
  assert.equal(finding?.verdict, "failed");
  assert.equal(finding?.evidence, "That is all.");
});

test("where no agent spoke the rule does not apply", () => {
  const [finding] = qa.judge(plugin, qa.said("customer: Anybody?"));
  assert.equal(finding?.verdict, "not-applicable");
});

test("the words are those of the configuration", () => {
  const host = new FakeHost();
  host.config = { farewells: ["auf wiederhören"] };
  const [finding] = qa.judge(plugin, qa.said("agent: Auf Wiederhören!"), host);
  assert.equal(finding?.verdict, "passed");
});
