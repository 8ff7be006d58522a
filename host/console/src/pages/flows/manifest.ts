/**
 * What a component says of itself, read in the browser before it is uploaded. The host reads and
 * judges it again; this only spares typing what the file knows.
 */
import type { PluginKind } from "../../api/types.ts";

export interface Manifest {
  name: string;
  version: string;
  world: string;
  description?: Partial<Record<"en" | "zh-CN", string>>;
  config_schema?: object;
  secrets?: { name: string }[];
}

/** The custom section that holds it (`sdk/manifest`). */
const SECTION = "hotline:manifest";
/** `\0asm`, then the version and layer of a component. */
const COMPONENT = [0x00, 0x61, 0x73, 0x6d, 0x0d, 0x00, 0x01, 0x00];

/** None of what is no component, or does not say. */
export function manifestOf(file: Uint8Array): Manifest | undefined {
  if (!COMPONENT.every((byte, place) => file[place] === byte)) return undefined;
  let place = COMPONENT.length;
  while (place < file.length) {
    const id = file[place];
    const size = unsigned(file, place + 1);
    if (!size) return undefined;
    const end = size.next + size.value;
    if (id === 0) {
      const length = unsigned(file, size.next);
      if (!length) return undefined;
      const text = length.next + length.value;
      if (decoded(file.subarray(length.next, text)) === SECTION) {
        return read(decoded(file.subarray(text, end)));
      }
    }
    place = end;
  }
  return undefined;
}

/** The kind whose plugins target this world; none of a world that this console does not know. */
export function kindOf(world: string): PluginKind | undefined {
  if (world.startsWith("routing-policy")) return "policy";
  if (world.startsWith("qa-")) return "qa";
  if (world.endsWith("-connector")) return "connector";
  if (world.startsWith("flow-interpreter")) return "language";
  return world.startsWith("ivr-flow") ? "flow" : undefined;
}

function decoded(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

function read(text: string): Manifest | undefined {
  try {
    const said: unknown = JSON.parse(text);
    const isOne = typeof said === "object" && said !== null && "name" in said && "world" in said;
    return isOne ? (said as Manifest) : undefined;
  } catch {
    return undefined;
  }
}

/** A number in LEB128 of at most 32 bits, and the place after it. */
function unsigned(bytes: Uint8Array, from: number): { value: number; next: number } | undefined {
  let value = 0;
  for (let count = 0; count < 5; count++) {
    const byte = bytes[from + count];
    if (byte === undefined) return undefined;
    value += (byte & 0x7f) * 2 ** (7 * count);
    if (byte < 0x80) return { value, next: from + count + 1 };
  }
  return undefined;
}
