/** Writes src/api/schema.d.ts from a running host's OpenAPI document: `npm run generate [URL]`. */
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import openapiTS, { astToString } from "openapi-typescript";

const host = process.argv[2] ?? process.env.HOTLINE_URL ?? "http://127.0.0.1:8080";
const response = await fetch(new URL("/api/v1/openapi.json", host));
if (!response.ok) throw new Error(`${response.url} answered ${response.status}`);
const document = await response.json();

const target = fileURLToPath(new URL("../src/api/schema.d.ts", import.meta.url));
const head = "/** Written by `npm run generate`; not to be edited. */\n\n";
writeFileSync(target, head + astToString(await openapiTS(document)));
console.log(target);
