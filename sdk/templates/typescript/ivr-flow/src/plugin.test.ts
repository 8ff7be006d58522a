/** Tested natively: the bench plays the host. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { FlowBench } from "@hotline/sdk/bench";
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

test("a hang-up in the menu and in the queue ends cleanly", () => {
  assert.equal(new FlowBench(plugin).start().hangUp().fault, null);
  assert.equal(new FlowBench(plugin).start().press("1").hangUp().fault, null);
});
