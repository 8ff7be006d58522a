import { expect, test } from "vitest";
import { manifestOf } from "./manifest.ts";

const HEADER = [0x00, 0x61, 0x73, 0x6d, 0x0d, 0x00, 0x01, 0x00];

function bytes(text: string): number[] {
  return [...new TextEncoder().encode(text)];
}

function leb(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...leb(value >>> 7)];
}

function custom(name: string, content: string): number[] {
  const body = [...leb(name.length), ...bytes(name), ...bytes(content)];
  return [0, ...leb(body.length), ...body];
}

test("what a component says of itself is found behind its code and other sections", () => {
  const said = { name: "returns", world: "crm-connector", note: "很".repeat(200) };
  const code = [1, ...leb(300), ...Array.from({ length: 300 }, (_, place) => place % 256)];
  const file = [
    ...HEADER,
    ...custom("producers", "{}"),
    ...code,
    ...custom("hotline:manifest", JSON.stringify(said)),
  ];
  expect(manifestOf(Uint8Array.from(file))).toEqual(said);
});

test.each([
  ["a script", bytes("start: hello")],
  ["a core module", [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00]],
  ["a component without", [...HEADER, ...custom("producers", "{}")]],
  ["one that ends within a section", [...HEADER, 1, 0x80]],
  ["one whose manifest is no JSON", [...HEADER, ...custom("hotline:manifest", "{")]],
])("nothing is read of %s", (_, file) => {
  expect(manifestOf(Uint8Array.from(file))).toBeUndefined();
});
