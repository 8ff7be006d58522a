// Made from wit/deps/flow-language; change that, then see sdk/build/tests/typescript_types.

import type { Types as CommonTypes } from "./common.ts";

export namespace Compiler {
  export type Fault = CommonTypes.Fault;
  export type Extension = CommonTypes.Extension;
  export interface Source {
    /** Relative to the tenant's flows folder; a diagnostic names it. */
    path: string;
    /** At most 512 KiB. */
    text: string;
    ext: Compiler.Extension[];
  }
  export type Severity =
    /** Keeps the script from going into service. */
    | { tag: "error" }
    | { tag: "warning" }
    /** A later host's; this one takes it for `warning`. */
    | { tag: "ext"; val: Compiler.Extension };
  /** Something to say about a place in a script; at most 100 are shown. */
  export interface Diagnostic {
    /** Stable, e.g. `script.unknown-node`. */
    code: string;
    severity: Compiler.Severity;
    path: string;
    /** From 1. */
    line: number;
    /** From 1, in characters. */
    column: number;
    /** In characters; 0 when unknown. */
    length: number;
    message: string;
    /** What to do about it. */
    hint: string | null;
    ext: Compiler.Extension[];
  }
  export interface Checked {
    /** None when any diagnostic is an error. */
    artifact: Uint8Array | null;
    diagnostics: Compiler.Diagnostic[];
    ext: Compiler.Extension[];
  }
  export interface Functions {
    /**
     * Called once, on save, and again when the interpreter is another one. The script itself comes
     * first; a later host may pass what stands beside it too. The artifact is data for the interpreter
     * alone, at most 1 MiB. A fault means that the compiler failed, not that the script is wrong.
     */
    check(sources: Compiler.Source[]): Compiler.Checked;
  }
}
