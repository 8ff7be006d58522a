import type { Schema } from "@cfworker/json-schema";
import { createInstance } from "i18next";
import { expect, test } from "vitest";
import { en } from "../../../i18n/en/index.ts";
import { check } from "./check.ts";

const SCHEMA: Schema = {
  type: "object",
  additionalProperties: false,
  required: ["base_url"],
  properties: {
    base_url: { type: "string", pattern: "^https://" },
    phrases: { type: "array", minItems: 1, items: { $ref: "#/$defs/phrase" } },
    retry: { type: "object", properties: { times: { type: "integer", maximum: 5 } } },
  },
  $defs: { phrase: { type: "string", maxLength: 3 } },
};

const i18n = createInstance();
void i18n.init({ lng: "en", resources: { en: { translation: en } }, initAsync: false });
const { t } = i18n;
const places = (value: unknown) => check(SCHEMA, value, t).map(({ pointer }) => pointer);

test("what fits has nothing said of it", () => {
  expect(check(SCHEMA, { base_url: "https://crm", phrases: ["hi"] }, t)).toEqual([]);
});

test("each mistake is told once, at its own place", () => {
  expect(places({})).toEqual(["/base_url"]);
  expect(places({ base_url: "http://crm" })).toEqual(["/base_url"]);
  expect(places({ base_url: "https://crm", retry: { times: 9 } })).toEqual(["/retry/times"]);
  expect(places({ base_url: "https://crm", other: 1 })).toEqual(["/other"]);
});

test("a bound behind a reference is named", () => {
  const told = check(SCHEMA, { base_url: "https://crm", phrases: ["hi", "hello"] }, t);
  expect(told).toEqual([{ pointer: "/phrases/1", message: "At most 3 characters." }]);
});
