import assert from "node:assert/strict";
import { test } from "node:test";
import { FlowBench } from "../src/bench/index.ts";
import { randomBelow } from "../src/host.ts";
import { defineLinearFlow } from "../src/linear.ts";
import { STATE_BYTES } from "../src/state.ts";

const menu = { maxDigits: 1, say: "Press a key." };

test("changed code that no longer fits the journal is told with its step", () => {
  const before = defineLinearFlow(function* (call) {
    yield* call.answer();
    yield* call.collect("language", menu);
    yield* call.collect("topic", menu);
  });
  const after = defineLinearFlow(function* (call) {
    yield* call.answer();
    yield* call.enqueue("support");
  });
  const bench = new FlowBench(before).start().press("1").switchTo(after).press("2");
  assert.equal(bench.fault?.code, "linear.journal");
  assert.match(
    bench.fault?.message ?? "",
    /step 2 of this call was `collect language`, but the code now does `enqueue support` there/,
  );
});

test("what was looked up is journalled as it was picked, and the flow goes on with it", () => {
  const flow = defineLinearFlow(function* (call) {
    yield* call.answer();
    const { token } = yield* call.collect("pin", { maxDigits: 4, sensitive: true });
    const found = yield* call.lookUp(
      "customer",
      { connector: "crm", operation: "verify-pin", argument: { pin: token } },
      ({ tier }): string => tier,
    );
    if (found.type === "found") {
      yield* call.enqueue("support", { priority: found.value === "gold" ? 9 : 1 });
    } else {
      yield* call.transferToFlow("strangers");
    }
  });
  const asked = () => new FlowBench(flow).start().pressSecretly(4, "keys-1");
  const bench = asked().finds({ tier: "gold", notes: "x".repeat(8_000) });
  assert.match(bench.transcript, /look up crm verify-pin {"pin":"keys-1"}/);
  assert.match(bench.transcript, /enqueue support priority 9/);
  assert.ok(bench.state.length < 1_000, "the notes are in no journal");
  assert.match(asked().findsNothing().transcript, /go on in strangers\n$/);
});

test("changed words still fit the journal", () => {
  const saying = (say: string) =>
    defineLinearFlow(function* (call) {
      yield* call.answer();
      yield* call.collect("topic", { maxDigits: 1, say });
      yield* call.play(`After ${say}`);
    });
  const bench = new FlowBench(saying("one")).start().switchTo(saying("two")).press("1");
  assert.match(bench.heard(), /After two/);
  assert.equal(bench.fault, null);
});

test("an endless loop ends with the journal's bound, by name", () => {
  const bench = new FlowBench(
    defineLinearFlow(function* (call) {
      yield* call.answer();
      for (;;) {
        yield* call.collect("again", menu);
      }
    }),
  ).start();
  for (let key = 0; key < 2_000 && !bench.over; key++) {
    bench.press("1");
    assert.ok(bench.state.length <= STATE_BYTES);
  }
  assert.equal(bench.fault?.code, "linear.journal-full");
});

test("time and randomness read between steps are the same in every replay", () => {
  const told: string[] = [];
  const bench = new FlowBench(
    defineLinearFlow(function* (call) {
      const dice = randomBelow(1_000_000);
      const began = Date.now();
      yield* call.answer();
      yield* call.collect("one", menu);
      const later = Date.now() - began;
      yield* call.collect("two", menu);
      told.push(`${dice} ${later} ${Date.now() - began}`);
    }),
  ).start();
  bench.later(5_000).press("1").later(2_000).press("2");
  const [first] = told;
  assert.match(first ?? "", /^[0-9]+ 5000 7000$/);
  assert.ok(told.every((line) => line === first), told.join("; "));
});

test("late, doubled and unknown events change nothing", () => {
  const bench = new FlowBench(
    defineLinearFlow(function* (call) {
      yield* call.answer();
      yield* call.collect("key", menu);
      yield* call.hangUp();
    }),
  ).start();
  const before = bench.state;
  bench
    .raw({ tag: "started" })
    .raw({ tag: "done", val: [0, "ok"] })
    .raw({ tag: "timer", val: "unknown" })
    .raw({ tag: "ext", val: ["later", "{}"] });
  assert.deepEqual(bench.state, before);
  assert.ok(bench.isCollecting);
  assert.ok(bench.press("1").over);
});
