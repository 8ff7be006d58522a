import { expect, test } from "vitest";
import type { PictureNode } from "../../api/types.ts";
import { layout, ways } from "./layout.ts";

function node(id: string, ...next: [string, string][]): PictureNode {
  return { id, title: id, kind: "say", next };
}

function layerOf(nodes: PictureNode[]): Record<string, number> {
  return Object.fromEntries(layout(nodes).nodes.map(({ node: { id }, layer }) => [id, layer]));
}

test("a node stands below everything that leads to it", () => {
  const flow = [
    node("start", ["", "menu"]),
    node("menu", ["1", "queue"], ["2", "say"]),
    node("say", ["", "queue"]),
    node("queue"),
  ];
  expect(layerOf(flow)).toEqual({ start: 0, menu: 1, say: 2, queue: 3 });
});

test("a way back to the menu does not push the menu down", () => {
  const flow = [node("menu", ["3", "hours"]), node("hours", ["", "menu"])];
  expect(layerOf(flow)).toEqual({ menu: 0, hours: 1 });
  expect(layout(flow).ways.map(({ from, back }) => [from, back])).toEqual([
    ["menu", false],
    ["hours", true],
  ]);
});

test("a node that leads to itself or to nothing known is placed all the same", () => {
  const flow = [node("menu", ["wrong key", "menu"], ["9", "gone"])];
  expect(layerOf(flow)).toEqual({ menu: 0 });
});

test("no two nodes share a place, and a long way passes beside the nodes between", () => {
  const flow = [
    node("a", ["1", "b"], ["2", "c"], ["3", "d"], ["9", "end"]),
    node("b", ["", "end"]),
    node("c"),
    node("d"),
    node("end"),
  ];
  const picture = layout(flow);
  const long = picture.ways.find(({ from, to }) => from === "a" && to === "end");
  expect(long?.via).toHaveLength(1);
  const taken = [...picture.nodes, ...(long?.via ?? [])];
  expect(new Set(taken.map(({ layer, place }) => `${layer}/${place}`)).size).toBe(6);
});

test("several keys with one target are one way", () => {
  expect(ways(node("menu", ["0", "operator"], ["timeout", "operator"], ["1", "sales"]))).toEqual([
    { target: "operator", label: "0, timeout" },
    { target: "sales", label: "1" },
  ]);
});
