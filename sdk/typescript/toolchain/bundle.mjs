/** One file of a plugin and all that it imports. */
import { join } from "node:path";
import { Refusal } from "./refusal.mjs";
import { manifest, notInstalled, sdk } from "./sdk.mjs";

/** `@hotline/sdk/...` is this SDK, whether or not the plugin's folder has it installed. */
const alias = Object.fromEntries(
  Object.entries(manifest.exports)
    .filter(([, file]) => file.endsWith(".ts"))
    .map(([name, file]) => [join(manifest.name, name).replace(/\/$/, ""), join(sdk, file)]),
);

const withoutNode = {
  name: "without-node",
  setup(build) {
    build.onResolve({ filter: /^node:|^(fs|path|http|https|crypto|os|net)$/ }, ({ path }) => ({
      errors: [
        {
          text: `\`${path}\` is Node's: a plugin has no files, sockets or processes. It computes; the host acts for it`,
        },
      ],
    }));
  },
};

export async function bundle({ entry, source, outfile, platform, sourcemap = false }) {
  const esbuild = await load();
  try {
    const made = await esbuild.build({
      ...(source === undefined
        ? { entryPoints: [entry] }
        : { stdin: { contents: source, resolveDir: sdk, sourcefile: "entry.ts", loader: "ts" } }),
      bundle: true,
      format: "esm",
      target: "es2023",
      charset: "utf8",
      platform,
      // QuickJS components import the host as modules of these names.
      external: ["hotline:*"],
      plugins: platform === "node" ? [] : [withoutNode],
      alias,
      sourcemap,
      logLevel: "silent",
      ...(outfile === undefined ? { write: false } : { outfile }),
    });
    return outfile === undefined ? made.outputFiles[0].text : "";
  } catch (error) {
    if (error.errors === undefined) {
      throw error;
    }
    const messages = await esbuild.formatMessages(error.errors, { kind: "error", color: false });
    throw new Refusal(messages.join("").trim());
  }
}

async function load() {
  try {
    return await import("esbuild");
  } catch {
    throw new Refusal(notInstalled);
  }
}
