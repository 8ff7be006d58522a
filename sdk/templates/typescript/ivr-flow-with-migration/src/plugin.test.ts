/** Tested natively: the bench plays the host. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { FlowBench } from "@hotline/sdk/bench";
import { defineFlow, goTo } from "@hotline/sdk/ivr";
import plugin from "./plugin.ts";

test("the menu leads to the queue", () => {
  const call = new FlowBench(plugin).start();
  assert.match(call.heard(), /press 1/);
  call.press("1").progress(2);
  assert.equal(call.queued, "support");
  assert.match(call.heard(), /You are number 2 in line\./);
});

test("a full queue ends the call with a word", () => {
  const call = new FlowBench(plugin);
  call.enqueueOutcome = "queue-full";
  call.start().press("1");
  assert.match(call.heard(), /call again later/);
  assert.ok(call.over);
});

/** A version that keeps this while it asks for a key. */
const asking = (state: unknown) =>
  defineFlow<unknown>({
    start: null,
    step: () => goTo<unknown>(state).answer().collect({ maxDigits: 1, say: "Press 1." }),
  });

test("a call that the first version asked for a key goes on here", () => {
  const call = new FlowBench(asking({ at: "choosing" })).start().reload(plugin).press("9");
  assert.match(call.heard(), /To talk to us, press 1\./);
  assert.equal(call.press("1").queued, "support");
});

test("a state that is none of ours stays where it is", () => {
  const call = new FlowBench(asking("elsewhere")).start().reload(plugin).press("1");
  assert.match(call.transcript, /stays on its version/);
  assert.equal(call.queued, null);
});

test("who waits in the queue keeps their place over a new build", () => {
  const call = new FlowBench(plugin).start().press("1").reload(plugin).progress(1);
  assert.match(call.heard(), /You are number 1 in line\./);
  assert.equal(call.queued, "support");
});
