/** The contract goes along with a packed SDK (`npm pack`): `prepack` puts it here, `postpack` takes it away. */
import { cpSync, rmSync } from "node:fs";
import { join } from "node:path";
import { sdk } from "./sdk.mjs";

const copy = join(sdk, "wit");
if (process.argv.includes("--done")) {
  rmSync(copy, { recursive: true, force: true });
} else {
  cpSync(join(sdk, "../../wit"), copy, { recursive: true });
}
