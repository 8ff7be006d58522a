#!/usr/bin/env node
/**
 * Builds and tests plugins written in TypeScript.
 *
 *   hotline-sdk build FOLDER --out FILE   a component; one line of JSON on the standard output
 *   hotline-sdk check FOLDER...           types only
 *   hotline-sdk test FOLDER...            runs FOLDER's *.test.ts natively, by node:test
 *
 * `hotline plugin build` calls the first and adds the manifest.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join, relative, resolve } from "node:path";
import { build } from "./build.mjs";
import { bundle } from "./bundle.mjs";
import { Refusal } from "./refusal.mjs";
import { cacheFolder, notInstalled } from "./sdk.mjs";

const USAGE = "usage: hotline-sdk build FOLDER --out FILE | check FOLDER... | test FOLDER...";

try {
  await main(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof Refusal ? error.message : error);
  process.exitCode = 1;
}

async function main([command, ...rest]) {
  switch (command) {
    case "build": {
      const [folder, flag, out] = rest;
      if (folder === undefined || flag !== "--out" || out === undefined) {
        throw new Refusal(USAGE);
      }
      typesOf(folder);
      console.log(JSON.stringify(await build(resolve(folder), resolve(out))));
      return;
    }
    case "check":
      rest.forEach(typesOf);
      return;
    case "test":
      for (const folder of rest) {
        await test(folder);
      }
      return;
    default:
      throw new Refusal(USAGE);
  }
}

/** esbuild drops types unread, so they are checked apart. */
function typesOf(folder) {
  const checked = spawnSync(
    process.execPath,
    [compiler(), "--noEmit", "--pretty", "false", "-p", folder],
    { encoding: "utf8" },
  );
  if (checked.status !== 0) {
    const said = `${checked.stdout}${checked.stderr}`.trim();
    // The mistake is in one file, and told of another that imports it.
    const nothing = /error TS(1192|2613): Module '"?[^']*\/plugin(\.ts)?"?'/.test(said);
    throw new Refusal(
      nothing
        ? `${said}\nA plugin is its module's default export: write \`export default\` before what defineFlow, defineLinearFlow, definePolicy or another function of the SDK returns`
        : said,
    );
  }
}

function compiler() {
  try {
    const packed = createRequire(import.meta.url).resolve("typescript/package.json");
    return join(dirname(packed), "bin/tsc");
  } catch {
    throw new Refusal(notInstalled);
  }
}

async function test(folder) {
  const tests = sources(resolve(folder)).filter((file) => file.endsWith(".test.ts"));
  if (tests.length === 0) {
    throw new Refusal(`${folder} has no test: a file whose name ends in .test.ts`);
  }
  mkdirSync(cacheFolder, { recursive: true });
  const built = mkdtempSync(join(cacheFolder, "tests-"));
  try {
    const files = [];
    for (const file of tests) {
      const name = relative(resolve(folder), file).replaceAll(/[\\/]/g, "-");
      const outfile = join(built, name.replace(/\.ts$/, ".mjs"));
      await bundle({ entry: file, outfile, platform: "node", sourcemap: "inline" });
      files.push(outfile);
    }
    console.error(`${basename(resolve(folder))}: ${tests.length} file(s) of tests`);
    const run = spawnSync(
      process.execPath,
      ["--enable-source-maps", "--test", "--test-reporter=spec", ...files],
      { stdio: "inherit" },
    );
    if (run.status !== 0) {
      process.exitCode = 1;
    }
  } finally {
    rmSync(built, { recursive: true, force: true });
  }
}

function sources(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      return entry.name === "node_modules" ? [] : sources(path);
    }
    return [path];
  });
}
