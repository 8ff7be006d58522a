import assert from "node:assert/strict";
import { test } from "node:test";
import { FlowBench } from "@hotline/sdk/bench";
import plugin from "./plugin.ts";

const call = () => new FlowBench(plugin).start();

test("a parcel number is answered with its news", () => {
  const bench = call().press("123456");
  assert.match(bench.heard(), /arrives tomorrow/);
  bench.press("1");
  assert.match(bench.heard(), /arrives tomorrow/);
  bench.pressNothing();
  assert.match(bench.heard(), /Goodbye/);
  assert.ok(bench.over);
});

test("three failures lead to a person", () => {
  assert.equal(call().pressNothing().press("12").pressNothing().queued, "support");
});

test("who knows the number is served earlier", () => {
  const bench = call().press("123456").press("0").progress(2);
  assert.match(bench.transcript, /set parcel=123456/);
  assert.match(bench.transcript, /enqueue support priority 1/);
  assert.match(bench.heard(), /You are number 2 in line\./);
});

test("a full queue ends the call with a word", () => {
  const bench = call();
  bench.enqueueOutcome = "queue-full";
  bench.press("0");
  assert.match(bench.heard(), /All our lines are busy/);
  assert.ok(bench.over);
  assert.deepEqual(bench.host.log, ["warn: not queued contact=contact-1 outcome=queue-full"]);
});

test("a queue that gives up on the caller ends the call with a word", () => {
  const bench = call().press("0").agent("overflowed");
  assert.match(bench.heard(), /Nobody can take your call now/);
  assert.ok(bench.over);
});

test("a hang-up at every step ends cleanly", () => {
  const keys = ["12", "123456", "2", "123456", "0"];
  for (let pressed = 0; pressed <= keys.length; pressed++) {
    const bench = call();
    for (const key of keys.slice(0, pressed)) {
      bench.press(key);
    }
    bench.hangUp();
    assert.equal(bench.fault, null);
  }
});

test("the picture leads nowhere unknown", () => {
  const nodes = plugin.exports.flow.describe();
  const ids = nodes.map(({ id }) => id);
  for (const [, target] of nodes.flatMap(({ next }) => next)) {
    assert.ok(ids.includes(target), target);
  }
});
