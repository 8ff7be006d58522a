import type { Schema } from "@cfworker/json-schema";
import { expect, test } from "vitest";
import { inLanguage } from "./in-language.ts";

const schema: Schema = {
  type: "object",
  properties: {
    title: {
      type: "string",
      title: "Title",
      description: "On the page.",
      "x-hotline-text": { "zh-CN": { title: "标题" } },
    },
  },
  $defs: {
    entry: {
      title: "Entry",
      "x-hotline-text": { "zh-CN": { title: "条目" } },
      default: { title: "Entry" },
    },
  },
};

test("fields are called as the language has it, and English where it has nothing", () => {
  const chinese = inLanguage(schema, "zh-CN");
  expect(chinese.properties?.title).toMatchObject({ title: "标题", description: "On the page." });
  expect(chinese.$defs?.entry).toMatchObject({ title: "条目", default: { title: "Entry" } });
  expect(inLanguage(schema, "en")).toEqual(schema);
});
