import assert from "node:assert/strict";
import { test } from "node:test";
import { FlowBench } from "../src/bench/index.ts";
import { Fault, faultOf } from "../src/fault.ts";
import { actionId, defineFlow, goTo, wait } from "../src/ivr.ts";
import { decode, encode } from "../src/utf8.ts";

test("done comes once, when the whole list is done; late and doubled ends do not reach the flow", () => {
  const counter = defineFlow<number>({
    start: 0,
    step(_, done, event) {
      switch (event.type) {
        case "started":
          return goTo(done).answer().play("One").play("Two");
        case "done":
          return goTo(done + 1).collect({ maxDigits: 1, say: `done ${done + 1}` });
        default:
          return wait(done);
      }
    },
  });
  const bench = new FlowBench(counter).start();
  assert.match(bench.transcript, /collect 1 \? "done 1"\n$/);
  bench.raw({ tag: "done", val: [1, "ok"] }).raw({ tag: "done", val: [77, "failed"] });
  assert.match(bench.transcript, /raw event\nraw event\n$/);
});

test("a lookup outlives the list that began it, and is told once", () => {
  const flow = defineFlow<null>({
    start: null,
    step(_, state, event) {
      switch (event.type) {
        case "started":
          return goTo(state)
            .lookUp({ connector: "crm", operation: "find-contact", argument: { phone: "+49" } })
            .lookUp({ table: "tiers", key: "+49", withinMs: 100 })
            .collect({ maxDigits: 1 });
        case "input":
          return goTo(state).play(`pressed ${event.input.digits}, ${event.input.outcome}`);
        case "looked-up":
          return goTo(state).play(JSON.stringify(event.found));
        default:
          return wait(state);
      }
    },
  });
  const bench = new FlowBench(flow).start();
  assert.match(bench.transcript, /look up crm find-contact {"phone":"\+49"} within 5000 ms/);
  bench.press("1").finds([{ name: "Li" }]).lookupTimesOut();
  assert.ok(!bench.isLookingUp);
  const outcome = { tag: "found" } as const;
  bench.raw({ tag: "looked-up", val: { action: 0, outcome, value: "1", ext: [] } });
  assert.equal(
    bench.heard(),
    `
? "pressed 1, complete"
? "{\\"type\\":\\"found\\",\\"value\\":[{\\"name\\":\\"Li\\"}]}"
? "{\\"type\\":\\"timed-out\\"}"`,
  );
});

test("a state of more than 16 KiB is a fault that says so", () => {
  const hoarder = defineFlow<string>({ start: "", step: () => goTo("x".repeat(20_000)) });
  const bench = new FlowBench(hoarder).start();
  assert.equal(bench.fault?.code, "sdk.state-too-large");
  assert.match(bench.fault?.message ?? "", /takes 20\d\d\d bytes as JSON.*at most 16384/);
});

test("a memory beside the state is caught", () => {
  let calls = 0;
  const forgetful = defineFlow<null>({
    start: null,
    step: () => goTo(null).play(`call ${++calls}`),
  });
  assert.throws(() => new FlowBench(forgetful).start(), /must be a pure function/);
});

test("a flow that goes round in circles is stopped", () => {
  const circle = defineFlow<null>({ start: null, step: () => goTo(null).play("again") });
  assert.throws(() => new FlowBench(circle).start(), /goes round in circles/);
});

test("clock and randomness of the language are the host's during a call", () => {
  const dice = defineFlow<null>({
    start: null,
    step: (_, state, { type }) =>
      type === "started"
        ? goTo(state).play(`${new Date().toISOString()} ${Math.random() < 1}`)
        : wait(state),
  });
  const bench = new FlowBench(dice).start();
  assert.equal(bench.heard(), '? "2026-01-05T10:00:00.000Z true"');
  assert.ok(Date.now() > bench.host.nowMs, "the real clock is back");
});

test("a foreign state is a fault, and so is whatever is thrown", () => {
  const flow = defineFlow<null>({ start: null, step: () => wait(null) });
  const bench = new FlowBench(flow).start();
  bench.state = Uint8Array.of(0xff, 0x01);
  assert.equal(bench.raw({ tag: "timer", val: "t" }).fault?.code, "sdk.state");
  const thrown = faultOf(new TypeError("x is not a function"));
  assert.deepEqual([thrown.code, thrown.message], ["plugin.error", "TypeError: x is not a function"]);
  assert.equal(faultOf(new Fault("orders.none", "no order", true)).retryable, true);
});

test("text is UTF-8 as everywhere", () => {
  for (const text of ["", "plain 100%", "grüezi", "您好", "🙂 \u{10ffff}", "%41"]) {
    assert.deepEqual(encode(text), new TextEncoder().encode(text));
    assert.equal(decode(encode(text)), text);
  }
  assert.deepEqual(encode("\ud800"), new TextEncoder().encode("\ud800"));
  assert.throws(() => decode(Uint8Array.of(0x61, 0xff)));
});

test("a state keeps every character", () => {
  const echo = defineFlow<string>({
    start: "plain, gr\u00fcezi, \u60a8\u597d \ud83d\ude42, \ud800",
    step: (_, words, { type }) => (type === "timer" ? goTo(words).play(words) : wait(words)),
  });
  const bench = new FlowBench(echo).start().raw({ tag: "timer", val: "t" });
  assert.equal(bench.heard(), `? ${JSON.stringify("plain, gr\u00fcezi, \u60a8\u597d \ud83d\ude42, \ud800")}`);
});

test("what an earlier version asked is answered to the new one", () => {
  const old = defineFlow<string>({
    start: "start",
    step: (_, state, { type }) =>
      type === "started" ? goTo("asking").collect({ maxDigits: 1 }) : wait(state),
  });
  const now = defineFlow<{ asked: number }>({
    start: { asked: 0 },
    step: (_, state, { type }) =>
      type === "input" && state.asked === 1 ? goTo(state).hangUp() : wait(state),
    migrate: ({ state }) => (state === "asking" ? { to: { asked: 1 } } : "stay"),
  });
  assert.equal(now.world, "ivr-flow-with-migration");
  const { migration } = now.exports;
  assert.ok(migration);
  const bench = new FlowBench(old).start();
  const version = { label: "main@00000000", component: "", artifact: null, ext: [] };
  const asked = { at: 0, interaction: bench.interaction, from: version, state: bench.state, ext: [] };
  const moved = migration.migrate(asked);
  assert.ok(moved.tag === "state");
  const outcome = { tag: "complete" } as const;
  const key = { action: actionId(0, 0), digits: "1", token: null, length: 1, outcome, ext: [] };
  const event = { tag: "input", val: key } as const;
  const { interaction, state } = { ...asked, state: moved.val };
  const next = now.exports.flow.step({ step: 1, at: 0, interaction, state, event, ext: [] });
  assert.equal(next.actions.length, 1, "the key was the one that was asked for");
  assert.equal(old.exports.migration, undefined);
});
