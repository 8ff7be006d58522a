/** A tenant's plugins as `/api/v1/flows` and the live connection give them. */
import type { PluginVersion } from "./types.ts";

export interface Diagnostic {
  /** Stable and dotted, for programs and for the manual. */
  code: string;
  severity: "error" | "warning";
  /** Below the flows root. */
  path: string;
  /** From 1; none where a file has no lines (a component). */
  line: number | null;
  column: number | null;
  length: number | null;
  message: string;
  /** What to do about it. */
  hint: string | null;
}

export interface PictureNode {
  id: string;
  title: string;
  /** Chooses the symbol. */
  kind: string;
  /** Label and target of each way on. */
  next: [string, string][];
}

export interface PluginStatus {
  name: string;
  kind: "flow" | "policy";
  /** Below the flows root. */
  path: string;
  /** None when no version ever went live. */
  live: PluginVersion | null;
  since: number | null;
  /** How many contacts are on which version. */
  versions: { label: string; contacts: number }[];
  /** Why the file as it is now was refused. */
  problem: Diagnostic[] | null;
  /** About the live version. */
  warnings: Diagnostic[];
  /** Empty when the plugin draws none. */
  picture: PictureNode[];
}
