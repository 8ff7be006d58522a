/** Where this SDK, the contract and the cache are. */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const sdk = dirname(dirname(fileURLToPath(import.meta.url)));
export const manifest = JSON.parse(readFileSync(join(sdk, "package.json"), "utf8"));

const tree = join(sdk, "../..");
const inTree = existsSync(join(tree, "wit/root.wit"));

/** The contract: the repository's own, or the copy that a packed SDK has. */
export const wit = inTree ? join(tree, "wit") : join(sdk, "wit");

/** Components by the digest of what they are made from. */
export const cacheFolder =
  process.env.HOTLINE_GUEST_TARGET_DIR ??
  (inTree ? join(tree, "target/guests/typescript") : join(sdk, "node_modules/.cache/hotline"));
