import assert from "node:assert/strict";
import { test } from "node:test";
import { FakeHost, FlowBench, purely } from "../src/bench/index.ts";
import { defineInterpreter } from "../src/flow-language.ts";
import { defineFlow, goTo, wait } from "../src/ivr.ts";

/** Each line is said, one after the other; then the call ends. */
const lines = defineInterpreter<string[]>({
  check(sources) {
    const diagnostics = sources.flatMap(({ path, text }) =>
      text.split("\n").flatMap((line, place) =>
        line.trim() === ""
          ? [{ code: "lines.empty", path, line: place + 1, column: 1, message: "says nothing" }]
          : [],
      ),
    );
    const artifact = sources.flatMap(({ text }) => text.split("\n"));
    return diagnostics.length > 0 ? { diagnostics } : { artifact, diagnostics };
  },
  interpret: (artifact) =>
    defineFlow<null>({
      start: null,
      step: (_, state, { type }) =>
        type === "started"
          ? artifact.reduce((step, line) => step.play(line), goTo(state).answer()).hangUp()
          : wait(state),
    }).exports.flow,
});

test("a script is checked once, and its artifact interpreted at each step", () => {
  const check = (text: string) =>
    purely(new FakeHost(), 0, () => lines.exports.compiler.check([{ path: "a.txt", text, ext: [] }]));
  const { artifact } = check("Hello.\n您好。");
  assert.ok(artifact);
  const bench = new FlowBench({ world: "ivr-flow", exports: { flow: lines.exports.flow } });
  bench.host.artifact = artifact;
  assert.equal(bench.start().heard(), '? "Hello."\n? "您好。"');
  assert.ok(bench.over);
  const broken = check("Hello.\n\n");
  assert.equal(broken.artifact, null);
  assert.deepEqual(
    broken.diagnostics.map(({ line, severity, hint }) => [line, severity.tag, hint]),
    [
      [2, "error", null],
      [3, "error", null],
    ],
  );
});
