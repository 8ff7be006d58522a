/** Joins a plugin to the imports of its component; the build's own entry calls it. */
import { faultOf } from "./fault.ts";
import type { Plugin } from "./plugin.ts";
import { type Surroundings, within } from "./surroundings.ts";

type Function_ = (...given: unknown[]) => unknown;
type Interfaces = Record<string, Record<string, Function_>>;

/** The plugin's exports, each run within the component's imports, its errors made faults. */
export function guest(plugin: Plugin, around: Surroundings): Interfaces {
  consoleTo(around);
  const joined: Interfaces = {};
  for (const [name, functions] of Object.entries(plugin.exports as Interfaces)) {
    const bound: Record<string, Function_> = {};
    for (const [method, run] of Object.entries(functions)) {
      bound[method] = (...given) => {
        try {
          return within(around, () => run(...given));
        } catch (thrown) {
          throw faultOf(thrown);
        }
      };
    }
    joined[name] = bound;
  }
  return joined;
}

/** QuickJS has no console: what is written there goes to the plugin's log. */
function consoleTo(around: Surroundings): void {
  const write =
    (level: "debug" | "info" | "warn" | "error") =>
    (...parts: unknown[]) => {
      const words = parts.map((part) => (typeof part === "string" ? part : JSON.stringify(part)));
      around.log.emit(level, words.join(" "), []);
    };
  const [info, warn, error, debug] = [write("info"), write("warn"), write("error"), write("debug")];
  Object.assign(globalThis, { console: { log: info, info, warn, error, debug, trace: debug } });
}
