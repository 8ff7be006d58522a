/**
 * A configuration held against a plugin's schema, before it is sent; the host does it again. The
 * schema is a stranger's, so it is interpreted: nothing is made into code.
 */
import { type OutputUnit, type Schema, Validator } from "@cfworker/json-schema";
import type { TFunction } from "i18next";

/** One value that does not fit: where (a JSON pointer, empty for the whole) and what is said of it. */
export interface Misfit {
  pointer: string;
  message: string;
}

/** Keywords that say only that something below them is wrong, which is told there. */
const FRAMES = new Set([
  "$ref",
  "additionalProperties",
  "allOf",
  "dependentSchemas",
  "if",
  "items",
  "patternProperties",
  "prefixItems",
  "properties",
  "propertyNames",
]);

export function check(schema: Schema, value: unknown, t: TFunction): Misfit[] {
  const { errors } = new Validator(schema, "2020-12", false).validate(value);
  const told = errors.filter((error) => {
    // Of alternatives it is enough to say that none fits.
    const within = /\/(anyOf|oneOf)\/\d/.test(error.keywordLocation);
    return !FRAMES.has(error.keyword) && !within;
  });
  return told.map((error) => misfit(schema, error, t));
}

function misfit(schema: Schema, error: OutputUnit, t: TFunction): Misfit {
  const at = decodeURI(error.instanceLocation.slice(1));
  if (error.keyword === "required") {
    // Told at what is missing, as the host does.
    const missing = /"(.*)"/.exec(error.error)?.[1] ?? "";
    const name = missing.replaceAll("~", "~0").replaceAll("/", "~1");
    return { pointer: `${at}/${name}`, message: t("configuration.wrong.required") };
  }
  return { pointer: at, message: sentence(error, limit(schema, error.keywordLocation), t) };
}

function sentence(error: OutputUnit, limit: unknown, t: TFunction): string {
  const shown = typeof limit === "string" ? limit : JSON.stringify(limit);
  const values = { limit: shown ?? "" };
  switch (error.keyword) {
    case "false":
      return t("configuration.wrong.unknown");
    case "type":
      return t("configuration.wrong.type", values);
    case "enum":
    case "const":
      return t("configuration.wrong.enum", values);
    case "minimum":
    case "exclusiveMinimum":
      return t(`configuration.wrong.${error.keyword}`, values);
    case "maximum":
    case "exclusiveMaximum":
      return t(`configuration.wrong.${error.keyword}`, values);
    case "minLength":
    case "maxLength":
    case "minItems":
    case "maxItems":
      return t(`configuration.wrong.${error.keyword}`, { count: Number(limit) });
    case "pattern":
    case "format":
      return t(`configuration.wrong.${error.keyword}`, values);
    case "uniqueItems":
      return t("configuration.wrong.uniqueItems");
    case "anyOf":
    case "oneOf":
      return t("configuration.wrong.alternatives");
    default:
      return error.error;
  }
}

/** What stands in the schema at a keyword's place, which may lie behind references. */
function limit(schema: Schema, location: string): unknown {
  let here: unknown = schema;
  for (const step of steps(location.slice(1))) {
    here = (here as Record<string, unknown> | undefined)?.[step];
    if (step === "$ref" && typeof here === "string") {
      here = limit(schema, here);
    }
  }
  return here;
}

/** The parts of a JSON pointer (RFC 6901). */
export function steps(pointer: string): string[] {
  return pointer
    .split("/")
    .slice(1)
    .map((step) => decodeURIComponent(step).replaceAll("~1", "/").replaceAll("~0", "~"));
}
