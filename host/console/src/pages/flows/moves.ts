import type { VersionState } from "../../api/types.ts";

/** What an administrator may do with a version. */
export type Move = "stage" | "shadow" | "canary" | "activate" | "roll-back" | "quarantine";

/**
 * What may be done with a version where it stands, the likeliest first; the host checks it again.
 * A trial compares with an active version, and there may be none.
 */
export function moves(state: VersionState, oneIsActive: boolean): Move[] {
  const trials: Move[] = oneIsActive ? ["shadow", "canary"] : [];
  switch (state) {
    case "compiled":
      return ["stage", "quarantine"];
    case "staged":
      return [...trials, "activate", "quarantine"];
    case "shadow":
      return ["canary", "activate", "stage", "quarantine"];
    case "canary":
      return ["activate", "canary", "stage", "quarantine"];
    case "active":
      return ["quarantine"];
    case "draining":
    case "retired":
      return ["roll-back", "stage", "quarantine"];
    case "quarantined":
      return ["stage"];
    case "uploaded":
    case "admitted":
    case "rejected":
      return [];
  }
}
