import type { PluginKind, PluginStatus } from "../../api/types.ts";

/** Where a plugin is shown. Plugins of different kinds may share a name. */
export const addressOf = (kind: PluginKind, name: string) =>
  `/flows/${kind}/${encodeURIComponent(name)}`;

/**
 * The plugin that an address names; links of earlier consoles say no kind, and mean the first of that
 * name. Without a name the one that needs a look, or the first.
 */
export function named(
  rows: PluginStatus[],
  kind: string | undefined,
  name: string | undefined,
): PluginStatus | undefined {
  const isNamed = (row: PluginStatus) =>
    row.name === name && (kind === undefined || row.kind === kind);
  return rows.find(isNamed) ?? rows.find((row) => row.problem) ?? rows[0];
}
