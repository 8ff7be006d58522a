/** Tested natively: the bench plays the host. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { FakeHost, FlowBench, purely } from "@hotline/sdk/bench";
import { defineRawFlow } from "@hotline/sdk/ivr";
import plugin from "./plugin.ts";

const check = (text: string) => {
  const source = { path: "main.flow.my-plugin", text, ext: [] };
  return purely(new FakeHost(), 0, () => plugin.exports.compiler.check([source]));
};

test("a script is compiled and run", () => {
  const { artifact } = check("say Welcome.\nqueue support\n");
  assert.ok(artifact);
  const call = new FlowBench(defineRawFlow(plugin.exports.flow));
  call.host.artifact = artifact;
  assert.match(call.start().heard(), /Welcome\./);
  assert.equal(call.queued, "support");
});

test("a mistake is told with its line", () => {
  const { artifact, diagnostics } = check("say Welcome.\nsing a song\n");
  assert.equal(artifact, null);
  assert.equal(diagnostics[0]?.line, 2);
  assert.match(diagnostics[0]?.message ?? "", /`sing`/);
});
