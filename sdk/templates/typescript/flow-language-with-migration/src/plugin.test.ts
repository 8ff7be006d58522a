/** Tested natively: the bench plays the host. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { FakeHost, FlowBench, purely } from "@hotline/sdk/bench";
import plugin from "./plugin.ts";

const check = (text: string) => {
  const source = { path: "main.flow.my-plugin", text, ext: [] };
  return purely(new FakeHost(), 0, () => plugin.exports.compiler.check([source]));
};

const compiled = (text: string) => {
  const { artifact } = check(text);
  assert.ok(artifact);
  return artifact;
};

/** The plugin, as the flow that each of its scripts is. */
const flow = { world: "ivr-flow-with-migration", exports: plugin.exports } as const;

/** A call that waits in the queue `support`. */
const queued = () => {
  const call = new FlowBench(flow);
  call.host.artifact = compiled("say Welcome.\nqueue support\n");
  assert.match(call.start().heard(), /Welcome\./);
  assert.equal(call.queued, "support");
  return call;
};

test("a script is compiled and run", () => {
  const call = queued().agent("overflowed");
  assert.match(call.heard(), /Please call again later\./);
  assert.ok(call.over);
});

test("a mistake is told with its line", () => {
  const { artifact, diagnostics } = check("say Welcome.\nsing a song\n");
  assert.equal(artifact, null);
  assert.equal(diagnostics[0]?.line, 2);
  assert.match(diagnostics[0]?.message ?? "", /`sing`/);
});

test("who waits goes on in a script that leads to the same queue", () => {
  const call = queued();
  call.host.artifact = compiled("say Good day.\nqueue support\nsorry We are closing.\n");
  call.reload(flow).agent("overflowed");
  assert.match(call.heard(), /We are closing\./);
});

test("who waits elsewhere stays with the script they began with", () => {
  const call = queued();
  call.host.artifact = compiled("queue sales\n");
  call.reload(flow).progress(1);
  assert.match(call.transcript, /stays on its version/);
});
