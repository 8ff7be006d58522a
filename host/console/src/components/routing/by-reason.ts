import type { Exclusion } from "../../api/types.ts";

/** Who was left out for the same reason stands together, the most common reason first. */
export function byReason(
  excluded: readonly (readonly [string, Exclusion])[],
  words: (why: Exclusion) => string,
): [string, string[]][] {
  const groups = new Map<string, string[]>();
  for (const [agent, why] of excluded) {
    const reason = words(why);
    groups.set(reason, [...(groups.get(reason) ?? []), agent]);
  }
  return [...groups].sort(([, a], [, b]) => b.length - a.length);
}
