import type { PictureNode } from "../../api/types.ts";

export interface Placed {
  node: PictureNode;
  /** The row, from the top; and the place within it, in units of a node's width. */
  layer: number;
  place: number;
}

/** The ways that lead back to a node above, found by walking depth first from the first node. */
function backWays(nodes: PictureNode[]): Set<string> {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const state = new Map<string, "open" | "done">();
  const back = new Set<string>();
  const walk = (node: PictureNode) => {
    state.set(node.id, "open");
    for (const [, target] of node.next) {
      const next = byId.get(target);
      if (!next) continue;
      if (state.get(target) === "open") back.add(`${node.id}\n${target}`);
      else if (!state.has(target)) walk(next);
    }
    state.set(node.id, "done");
  };
  for (const node of nodes) if (!state.has(node.id)) walk(node);
  return back;
}

/**
 * Layers of a flow from its first node down: a node stands below everything that leads to it,
 * ways back aside, and near the middle of what leads to it.
 */
export function layers(nodes: PictureNode[]): Placed[] {
  const back = backWays(nodes);
  const ids = new Set(nodes.map((node) => node.id));
  const ahead = nodes.flatMap((node) =>
    node.next
      .filter(([, target]) => ids.has(target) && !back.has(`${node.id}\n${target}`))
      .map(([, target]) => [node.id, target] as const),
  );
  const layer = new Map(nodes.map((node) => [node.id, 0]));
  // Without the ways back there are no circles: as many rounds as nodes are always enough.
  for (let round = 0; round < nodes.length; round += 1) {
    let moved = false;
    for (const [from, to] of ahead) {
      const wanted = (layer.get(from) ?? 0) + 1;
      if ((layer.get(to) ?? 0) < wanted) {
        layer.set(to, wanted);
        moved = true;
      }
    }
    if (!moved) break;
  }

  const rows: PictureNode[][] = [];
  for (const node of nodes) {
    const row = layer.get(node.id) ?? 0;
    rows[row] = [...(rows[row] ?? []), node];
  }
  const place = new Map<string, number>();
  const placed: Placed[] = [];
  for (const [index, row] of rows.entries()) {
    const pull = (node: PictureNode): number => {
      const above = ahead.filter(([, to]) => to === node.id).map(([from]) => place.get(from) ?? 0);
      return above.length > 0 ? above.reduce((sum, at) => sum + at, 0) / above.length : 0;
    };
    const ordered = [...row].map((node) => ({ node, at: pull(node) })).sort((a, b) => a.at - b.at);
    for (const [position, { node }] of ordered.entries()) {
      const at = position - (ordered.length - 1) / 2;
      place.set(node.id, at);
      placed.push({ node, layer: index, place: at });
    }
  }
  return placed;
}

/** Ways with the same source and target become one, their labels joined. */
export function ways(node: PictureNode): { target: string; label: string }[] {
  const labels = new Map<string, string[]>();
  for (const [label, target] of node.next) {
    labels.set(target, [...(labels.get(target) ?? []), label]);
  }
  return [...labels].map(([target, each]) => ({ target, label: each.filter(Boolean).join(", ") }));
}
