/**
 * World `flow-interpreter`: a script language. Its compiler turns sources into an artifact once, on
 * save; its interpreter is a raw flow that reads the artifact at each step.
 */
import { defineFlow, goTo, type Migrated, type MigrateInput, type RawFlow, wait } from "./ivr.ts";
import type { Plugin } from "./plugin.ts";
import { surroundings } from "./surroundings.ts";
import { decode, encode } from "./utf8.ts";
import type { Compiler } from "./wit/flow-language.ts";
import type { Migration } from "./wit/ivr.ts";

export type Source = Compiler.Source;

/** A mistake in a script, at its place. */
export interface Diagnostic {
  /** Stable, e.g. `script.unknown-node`. */
  code: string;
  severity?: "error" | "warning";
  path: string;
  /** From 1. */
  line: number;
  /** From 1, in characters. */
  column: number;
  /** In characters; 0 when unknown. */
  length?: number;
  message: string;
  /** What to do about it. */
  hint?: string;
}

export interface Checked<Artifact> {
  /** Left out when any diagnostic is an error; must survive JSON, in at most 1 MiB. */
  artifact?: Artifact;
  diagnostics: Diagnostic[];
}

export interface InterpreterDefinition<Artifact> {
  /**
   * All that is wrong in one go, and the artifact when no error is among it. The script itself is the
   * first source; what a later host passes beside it is there to be included.
   */
  check(sources: Source[]): Checked<Artifact>;
  /** The flow that a compiled script is. */
  interpret(artifact: Artifact): RawFlow;
  /**
   * Whether a contact that an earlier version of the script has begun with goes on in this one.
   * Without it, each ends on the pair of interpreter and script that it began with.
   */
  migrate?(artifact: Artifact, earlier: MigrateInput): Migrated;
}

export type InterpreterPlugin = Plugin<{
  flow: Required<RawFlow>;
  compiler: Compiler.Functions;
  migration?: Migration.Functions;
}>;

export function defineInterpreter<Artifact>(
  language: InterpreterDefinition<Artifact>,
): InterpreterPlugin {
  const flow = (): RawFlow => {
    const artifact = readArtifact();
    if (artifact.length === 0) {
      return NO_SCRIPT;
    }
    return language.interpret(JSON.parse(decode(artifact)) as Artifact);
  };
  const migration = {
    migrate: (input: MigrateInput): Migrated =>
      language.migrate?.(JSON.parse(decode(readArtifact())) as Artifact, input) ?? { tag: "stay" },
  };
  const migrates = language.migrate !== undefined;
  return {
    world: migrates ? "flow-interpreter-with-migration" : "flow-interpreter",
    exports: {
      ...(migrates ? { migration } : {}),
      flow: {
        step: (input) => flow().step(input),
        describe: () => flow().describe?.() ?? [],
      },
      compiler: {
        check(sources) {
          const { artifact, diagnostics } = language.check(sources);
          return {
            artifact: artifact === undefined ? null : encode(JSON.stringify(artifact)),
            diagnostics: diagnostics.map((one) => ({
              code: one.code,
              severity: { tag: one.severity ?? "error" },
              path: one.path,
              line: one.line,
              column: one.column,
              length: one.length ?? 0,
              message: one.message,
              hint: one.hint ?? null,
              ext: [],
            })),
            ext: [],
          };
        },
      },
    },
  };
}

/** What a host that tries the interpreter alone interprets: nothing is said, and the call ends. */
const NO_SCRIPT = defineFlow<null>({
  start: null,
  step: (_, state, { type }) => (type === "started" ? goTo(state).hangUp() : wait(state)),
}).exports.flow;

function readArtifact(): Uint8Array {
  const artifact = surroundings().artifact;
  if (artifact === undefined) {
    throw new Error("only script interpreters have an artifact");
  }
  return artifact.get();
}
