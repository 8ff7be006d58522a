import assert from "node:assert/strict";
import { test } from "node:test";
import { FakeHost, FlowBench, purely } from "@hotline/sdk/bench";
import { defineRawFlow } from "@hotline/sdk/ivr";
import plugin from "./plugin.ts";

const WORKSHOP = "say Welcome to the workshop.\npress 1 sales\npress 2 bicycles\nqueue support\n";

const check = (text: string) => {
  const source = { path: "main.flow.ts_lines", text, ext: [] };
  return purely(new FakeHost(), 0, () => plugin.exports.compiler.check([source]));
};

const call = (text: string) => {
  const { artifact } = check(text);
  assert.ok(artifact);
  const bench = new FlowBench(defineRawFlow(plugin.exports.flow));
  bench.host.artifact = artifact;
  return bench.start();
};

test("a key leads to its queue, and everything else to the last line", () => {
  for (const [pressed, queue] of [
    ["1", "sales"],
    ["2", "bicycles"],
    ["9", "support"],
  ] as const) {
    const bench = call(WORKSHOP);
    assert.match(bench.heard(), /Welcome to the workshop\./);
    assert.equal(bench.press(pressed).queued, queue);
  }
});

test("a script without keys leads straight to its queue", () => {
  const bench = call("say One moment.\nqueue support\n");
  assert.match(bench.heard(), /One moment\./);
  assert.equal(bench.queued, "support");
});

test("a script that leads nowhere ends the call and is warned of", () => {
  const closed = "say We are closed today.";
  assert.equal(check(closed).diagnostics[0]?.code, "lines.no-queue");
  assert.ok(call(closed).over);
});

test("every mistake is told with its line", () => {
  const { artifact, diagnostics } = check(
    "say\nsing a song\npress 12 sales\npress 1 a\npress 1 b\nqueue\n",
  );
  assert.equal(artifact, null);
  assert.deepEqual(
    diagnostics.map(({ line, code }) => [line, code]),
    [
      [1, "lines.nothing-said"],
      [2, "lines.unknown-word"],
      [3, "lines.bad-key"],
      [5, "lines.key-twice"],
      [6, "lines.no-name"],
    ],
  );
});
