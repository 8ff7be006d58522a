import type { PictureNode } from "../../api/types.ts";

export interface Placed {
  node: PictureNode;
  /** The row, from the top; and the place within it, in units of a column. */
  layer: number;
  place: number;
}

export interface Way {
  from: string;
  to: string;
  label: string;
  /** Leads to a node that stands above or beside. */
  back: boolean;
  /** Where a way over several rows passes each row between. */
  via: { layer: number; place: number }[];
}

export interface Layout {
  nodes: Placed[];
  ways: Way[];
}

/** What a passing line takes of a row, in columns. */
const BEND_WIDTH = 0.4;

/** Ways with the same source and target become one, their labels joined. */
export function ways(node: PictureNode): { target: string; label: string }[] {
  const labels = new Map<string, string[]>();
  for (const [label, target] of node.next) {
    labels.set(target, [...(labels.get(target) ?? []), label]);
  }
  return [...labels].map(([target, each]) => ({ target, label: each.filter(Boolean).join(", ") }));
}

/**
 * Places a flow in rows from its first node down: a node stands below everything that leads to it,
 * ways back aside, and near the middle of what leads to it. A way over several rows is given a
 * place in each, so that it passes beside the nodes there.
 */
export function layout(nodes: PictureNode[]): Layout {
  const all = collectWays(nodes);
  const ahead = all.filter((way) => !way.back);
  const layerOf = assignLayers(nodes, ahead);

  const rows: string[][] = [];
  const above = new Map<string, string[]>();
  const put = (id: string, layer: number) => {
    rows[layer] = [...(rows[layer] ?? []), id];
  };
  for (const node of nodes) put(node.id, layerOf.get(node.id) ?? 0);
  const chains = new Map<Way, string[]>();
  for (const way of ahead) {
    const [first, last] = [layerOf.get(way.from) ?? 0, layerOf.get(way.to) ?? 0];
    const chain: string[] = [];
    for (let layer = first + 1; layer < last; layer += 1) {
      const id = `${way.from}\n${way.to}\n${layer}`;
      chain.push(id);
      put(id, layer);
    }
    chains.set(way, chain);
    for (const [index, id] of [...chain, way.to].entries()) {
      above.set(id, [...(above.get(id) ?? []), chain[index - 1] ?? way.from]);
    }
  }

  const place = new Map<string, number>();
  for (const row of rows) {
    const pull = (id: string): number => {
      const places = (above.get(id) ?? []).map((each) => place.get(each) ?? 0);
      return places.reduce((sum, at) => sum + at, 0) / Math.max(1, places.length);
    };
    const ordered = [...(row ?? [])]
      .map((id) => ({ id, at: pull(id) }))
      .sort((a, b) => a.at - b.at);
    const width = (id: string) => (layerOf.has(id) ? 1 : BEND_WIDTH);
    let left = -ordered.reduce((sum, { id }) => sum + width(id), 0) / 2;
    for (const { id } of ordered) {
      place.set(id, left + width(id) / 2);
      left += width(id);
    }
  }

  return {
    nodes: nodes.map((node) => ({
      node,
      layer: layerOf.get(node.id) ?? 0,
      place: place.get(node.id) ?? 0,
    })),
    ways: all.map((way) => ({
      ...way,
      via: (chains.get(way) ?? []).map((id, index) => ({
        layer: (layerOf.get(way.from) ?? 0) + 1 + index,
        place: place.get(id) ?? 0,
      })),
    })),
  };
}

/** Every way to a known node; those that close a circle, seen from the first node, lead back. */
function collectWays(nodes: PictureNode[]): Way[] {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const state = new Map<string, "open" | "done">();
  const found: Way[] = [];
  const walk = (node: PictureNode) => {
    state.set(node.id, "open");
    for (const { target, label } of ways(node)) {
      const next = byId.get(target);
      if (!next) continue;
      const back = state.get(target) === "open";
      found.push({ from: node.id, to: target, label, back, via: [] });
      if (!state.has(target)) walk(next);
    }
    state.set(node.id, "done");
  };
  for (const node of nodes) if (!state.has(node.id)) walk(node);
  return found;
}

/** The longest way down to each node. */
function assignLayers(nodes: PictureNode[], ahead: Way[]): Map<string, number> {
  const layer = new Map(nodes.map((node) => [node.id, 0]));
  // Without the ways back there are no circles: as many rounds as nodes are always enough.
  for (let round = 0; round < nodes.length; round += 1) {
    let moved = false;
    for (const { from, to } of ahead) {
      const wanted = (layer.get(from) ?? 0) + 1;
      if ((layer.get(to) ?? 0) >= wanted) continue;
      layer.set(to, wanted);
      moved = true;
    }
    if (!moved) break;
  }
  return layer;
}
