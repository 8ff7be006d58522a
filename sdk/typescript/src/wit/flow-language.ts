// Made from wit/deps/flow-language; change that, then see sdk/build/tests/typescript_types.

import type { Types as CommonTypes } from "./common.ts";

export namespace Compiler {
  export type Fault = CommonTypes.Fault;
  export type Extension = CommonTypes.Extension;
  export interface Source {
    /** Relative to the tenant's flows folder. */
    path: string;
    text: string;
  }
  export type Severity =
    | "error"
    | "warning";
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
  }
  export interface Functions {
    /** Called once, on save. The artifact is data for the interpreter, at most 1 MiB. */
    check(sources: Compiler.Source[]): Compiler.Checked;
  }
}
