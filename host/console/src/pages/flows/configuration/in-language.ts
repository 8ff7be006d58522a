/**
 * A schema with its words in one of the console's languages. `title` and `description` are English;
 * `"x-hotline-text": {"zh-CN": {"title": "...", "description": "..."}}` beside them gives others.
 */
import type { Schema } from "@cfworker/json-schema";

const WORDS = "x-hotline-text";

/** Of an object by name, not of a schema: a property may have the name of a keyword. */
const BY_NAME = new Set([
  "properties",
  "$defs",
  "definitions",
  "patternProperties",
  "dependentSchemas",
]);
/** What holds values, in which nothing is a schema. */
const VALUES = new Set(["const", "default", "enum", "examples", WORDS]);

export function inLanguage(schema: Schema, language: string): Schema {
  return translated(schema, language) as Schema;
}

function translated(schema: unknown, language: string): unknown {
  if (Array.isArray(schema)) return schema.map((entry) => translated(entry, language));
  if (!isObject(schema)) return schema;
  const words = schema[WORDS];
  const said = isObject(words) && isObject(words[language]) ? words[language] : {};
  const inner = Object.entries(schema).map(([keyword, value]) => {
    if (VALUES.has(keyword)) return [keyword, value];
    if (BY_NAME.has(keyword) && isObject(value)) {
      const named = Object.entries(value).map(([name, one]) => [name, translated(one, language)]);
      return [keyword, Object.fromEntries(named)];
    }
    return [keyword, translated(value, language)];
  });
  return {
    ...Object.fromEntries(inner),
    ...(typeof said.title === "string" && { title: said.title }),
    ...(typeof said.description === "string" && { description: said.description }),
  };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
