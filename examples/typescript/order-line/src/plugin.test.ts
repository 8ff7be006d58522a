import assert from "node:assert/strict";
import { test } from "node:test";
import { FlowBench } from "@hotline/sdk/bench";
import plugin from "./plugin.ts";

const call = () => new FlowBench(plugin).start();

test("a known order takes the caller to the front of the queue", () => {
  const bench = call().press("12").press("23456").finds({ status: "delayed" });
  bench.progress(2).agent("connected");
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
keys 23456
  [look up order]
  look up table orders 23456 within 2000 ms
found {"status":"delayed"}
  [set]
  set order=23456
  [enqueue support]
  timer linear-give-up in 300000 ms
  enqueue support priority 5: queued
position 2
  play ? "You are number 2 in line."
agent connected
  [end]
`,
  );
  assert.equal(bench.over, false);
});

test("who asks for an order on its way need not talk to anybody", () => {
  const shipped = { status: "shipped", days: 2 };
  const bench = call().press("12345").finds(shipped).pressNothing();
  assert.match(bench.transcript, /with you in 2 days/);
  assert.ok(bench.over);
  assert.equal(call().press("12345").finds(shipped).press("1").queued, "support");
});

test("an unknown order is asked for again, and a broken table stops nobody", () => {
  const bench = call().press("99999").findsNothing();
  assert.match(bench.transcript, /We do not know this order/);
  assert.ok(bench.isCollecting);
  bench.press("12345").lookupFails();
  assert.match(bench.transcript, /enqueue support priority 1: queued/);
});

test("who waits too long leaves a message", () => {
  const bench = call().press("12345").lookupTimesOut().later(300_000).timer("linear-give-up");
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
