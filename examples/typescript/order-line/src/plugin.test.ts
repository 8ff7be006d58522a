import assert from "node:assert/strict";
import { test } from "node:test";
import { FlowBench } from "@hotline/sdk/bench";
import plugin from "./plugin.ts";

const call = () => new FlowBench(plugin).start();

test("an order number takes the caller to the front of the queue", () => {
  const bench = call().press("12").press("12345").progress(2).agent("connected");
  assert.equal(
    bench.transcript,
    `started
  [answer]
  answer
  [play]
  play ? "Welcome to the order line."
  [collect order]
  collect 5 ? "Please enter the five digits of your order."
keys 12
  [play]
  play ? "That was no order number."
  [collect order]
  collect 5 ? "Please enter the five digits of your order."
keys 12345
  [set]
  set order=12345
  [enqueue support]
  timer linear-give-up in 300000 ms
  enqueue support priority 1: queued
position 2
  play ? "You are number 2 in line."
agent connected
  [end]
`,
  );
  assert.equal(bench.over, false);
});

test("who waits too long leaves a message", () => {
  const bench = call().press("12345").later(300_000).timer("linear-give-up");
  assert.match(bench.transcript, /dequeue\n.*voicemail[^]*Goodbye[^]*hang up\n$/s);
  assert.ok(bench.over);
});

test("a full queue, three failures and a hang-up at every step end cleanly", () => {
  const full = call();
  full.enqueueOutcome = "queue-full";
  full.pressNothing().pressNothing().pressNothing();
  assert.match(full.transcript, /enqueue support priority 0: queue-full\n.*\n.*voicemail/);
  for (const keys of [[], ["12"], ["12345"]]) {
    const bench = call();
    for (const key of keys) {
      bench.press(key);
    }
    assert.equal(bench.hangUp().fault, null);
  }
});
