import { expect, test } from "vitest";
import { en } from "./en/index.ts";
import { zhCN } from "./zh-CN/index.ts";

type Tree = { [key: string]: string | Tree };

/** Every text with its place in the tree; plural forms count as one. */
function texts(tree: Tree, at = ""): [string, string][] {
  return Object.entries(tree).flatMap(([key, value]) => {
    const place = `${at}.${key.replace(/_(one|other)$/, "")}`;
    return typeof value === "string" ? [[place, value] as [string, string]] : texts(value, place);
  });
}

const blanks = (text: string) => (text.match(/\{\{\w+\}\}/g) ?? []).sort();

test("both languages fill the same blanks, so that no figure is lost in translation", () => {
  const chinese = new Map(texts(zhCN as unknown as Tree));
  for (const [place, text] of texts(en)) {
    expect([place, blanks(chinese.get(place) ?? "")]).toEqual([place, blanks(text)]);
  }
});

test("no text is empty", () => {
  for (const [place, text] of [...texts(en), ...texts(zhCN as unknown as Tree)]) {
    expect([place, text.trim().length > 0]).toEqual([place, true]);
  }
});
