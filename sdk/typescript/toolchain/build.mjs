/** From a plugin's folder to a component. */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { bundle } from "./bundle.mjs";
import { Refusal } from "./refusal.mjs";
import { cacheFolder, manifest, notInstalled, wit } from "./sdk.mjs";

/** The package of `wit/deps` that a world is of. */
const PACKAGES = {
  "ivr-flow": "ivr",
  "ivr-flow-with-migration": "ivr",
  "flow-interpreter": "flow-language",
  "flow-interpreter-with-migration": "flow-language",
  "routing-policy": "routing",
  "routing-policy-with-lookups": "routing",
  "qa-rule": "qa",
  "qa-live": "qa",
  "qa-rule-and-live": "qa",
  "crm-connector": "connector",
};

/** Writes the component to `out` and tells what the plugin says about itself. */
export async function build(folder, out) {
  const about = packageOf(folder);
  const entry = join(folder, about.main ?? "src/plugin.ts");
  if (!existsSync(entry)) {
    throw new Refusal(
      `${entry} is missing: the plugin's default export stands there (\`"main"\` of package.json names another file)`,
    );
  }
  const world = await worldOf(entry);
  const source = await bundle({ source: guestEntry(entry, world), platform: "neutral" });
  const made = join(cacheFolder, `${digest(source, world)}.wasm`);
  if (!existsSync(made)) {
    const component = await componentize(source, world);
    mkdirSync(dirname(made), { recursive: true });
    writeFileSync(`${made}.${process.pid}`, component);
    renameSync(`${made}.${process.pid}`, made);
  }
  mkdirSync(dirname(out), { recursive: true });
  writeFileSync(out, readFileSync(made));
  return {
    name: about.name.replace(/^@[^/]*\//, ""),
    version: about.version,
    sdk: `typescript ${manifest.version}`,
    world,
  };
}

function packageOf(folder) {
  const path = join(folder, "package.json");
  let about;
  try {
    about = JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    throw new Refusal(`${path}: ${error.message}`);
  }
  for (const field of ["name", "version"]) {
    if (typeof about[field] !== "string" || about[field] === "") {
      throw new Refusal(`${path}: \`${field}\` is missing; the plugin goes by it`);
    }
  }
  return about;
}

/** Loads the plugin's module here, natively, as the component's build will load it. */
async function worldOf(entry) {
  const text = await bundle({ entry, platform: "neutral" });
  const url = `data:text/javascript;base64,${Buffer.from(text).toString("base64")}`;
  const shown = relative(process.cwd(), entry);
  let plugin;
  try {
    plugin = (await import(url)).default;
  } catch (error) {
    throw new Refusal(`${shown} fails while it is loaded: ${error.message}`);
  }
  const world = plugin?.world;
  if (!(world in PACKAGES)) {
    throw new Refusal(
      `${shown} is no plugin: its default export must be what defineFlow, defineLinearFlow, definePolicy or another function of the SDK returns`,
    );
  }
  return world;
}

/** `hotline:ivr/ivr-flow@1.0.0`: the version is what the package's own file says. */
function qualified(world) {
  const { name, version } = packageLine(join(wit, "deps", PACKAGES[world]));
  return `${name}/${world}@${version}`;
}

function packageLine(folder) {
  for (const file of readdirSync(folder).filter((name) => name.endsWith(".wit"))) {
    const text = readFileSync(join(folder, file), "utf8");
    const found = /^package ([a-z0-9:-]+)@([0-9.]+);/m.exec(text);
    if (found !== null) {
      return { name: found[1], version: found[2] };
    }
  }
  throw new Error(`${folder} names no package`);
}

function guestEntry(entry, world) {
  const host = packageLine(join(wit, "deps/host"));
  const imports = ["log", "config", "clock", "random", "metrics"];
  if (world.startsWith("flow-interpreter")) {
    imports.push("artifact");
  }
  const exported = {
    "ivr-flow": ["flow"],
    "ivr-flow-with-migration": ["flow", "migration"],
    "flow-interpreter": ["flow", "compiler"],
    "flow-interpreter-with-migration": ["flow", "compiler", "migration"],
    "routing-policy": ["policy"],
    "routing-policy-with-lookups": ["policy", "lookups"],
    "qa-rule": ["rule"],
    "qa-live": ["live"],
    "qa-rule-and-live": ["rule", "live"],
    "crm-connector": ["connector"],
  }[world];
  return [
    `import plugin from ${JSON.stringify(entry)};`,
    `import { guest } from "@hotline/sdk/guest";`,
    ...imports.map((name) => `import ${name} from "${host.name}/${name}@${host.version}";`),
    `export const { ${exported.join(", ")} } = guest(plugin, { ${imports.join(", ")} });`,
  ].join("\n");
}

function digest(source, world) {
  const hash = createHash("sha256");
  hash.update(`${world}\n${JSON.stringify(manifest.dependencies)}\n`);
  for (const file of readdirSync(wit, { recursive: true }).sort()) {
    if (file.endsWith(".wit")) {
      hash.update(readFileSync(join(wit, file)));
    }
  }
  return hash.update(source).digest("hex");
}

/**
 * The engine with the plugin's module already loaded. What it would import of WASI is stubbed: a
 * plugin has no files, clocks or sockets but the host's. `sync`, since the host speaks no asynchronous
 * component model.
 */
async function componentize(jsSource, world) {
  let engine;
  try {
    engine = await import("componentize-qjs");
  } catch (error) {
    throw new Refusal(`${notInstalled} (${error.message})`);
  }
  try {
    const { component } = await engine.componentize({
      witPath: wit,
      world: qualified(world),
      jsSource,
      stubWasi: true,
      sync: true,
    });
    return component;
  } catch (error) {
    throw new Refusal(`the plugin cannot be made a component: ${error.message}`);
  }
}
