/** Where this SDK, the contract and the cache are. */
import { existsSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const sdk = dirname(dirname(fileURLToPath(import.meta.url)));
export const manifest = JSON.parse(readFileSync(join(sdk, "package.json"), "utf8"));

const tree = join(sdk, "../..");
const inTree = existsSync(join(tree, "wit/root.wit"));

/** The contract: the one that stands where the SDK does, or the copy that a packed SDK has. */
export const wit = inTree ? join(tree, "wit") : join(sdk, "wit");

/** In a project of `hotline plugin new` the SDK is below `.hotline`. */
const project = basename(tree) === ".hotline" ? dirname(tree) : null;

/** Where `npm install` gets the SDK what it needs. */
export const packagesFolder = project ?? sdk;

/** Components by the digest of what they are made from. */
export const cacheFolder =
  process.env.HOTLINE_GUEST_TARGET_DIR ??
  (inTree && project === null
    ? join(tree, "target/guests/typescript")
    : join(packagesFolder, "node_modules/.cache/hotline"));

export const notInstalled = `the SDK's own packages are not installed: run \`npm install\` in ${packagesFolder}`;
