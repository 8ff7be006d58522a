import { Fault } from "./fault.ts";
import { latin1Bytes, latin1Text } from "./utf8.ts";

/** The host keeps no more of a flow between two steps, and of a live rule between two utterances. */
export const STATE_BYTES = 16 * 1024;

/** A state as the host keeps it: JSON in Latin-1, other characters escaped. */
export function encodeState(state: unknown, what: string, most = STATE_BYTES): Uint8Array {
  const bytes = bytesOf(JSON.stringify(state));
  if (bytes.length > most) {
    throw new Fault(
      "sdk.state-too-large",
      `${what} takes ${bytes.length} bytes as JSON; the host keeps at most ${most} between two calls`,
    );
  }
  return bytes;
}

export function decodeState(bytes: Uint8Array, what = "the flow's state"): unknown {
  try {
    return JSON.parse(latin1Text(bytes));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Fault("sdk.state", `cannot read ${what}: ${why}`);
  }
}

/** Of a JSON text. Read and written at each step, so it takes the quickest way there is. */
export function bytesOf(json: string): Uint8Array {
  try {
    return latin1Bytes(json);
  } catch {
    const escaped = (unit: string) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
    return latin1Bytes(json.replace(/[^\0-\xff]/g, escaped));
  }
}
