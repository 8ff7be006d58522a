import { Fault } from "./fault.ts";
import { decode, encode } from "./utf8.ts";

/** The host keeps no more of a flow between two steps, and of a live rule between two utterances. */
export const STATE_BYTES = 16 * 1024;

/** A state as the host keeps it: JSON in UTF-8. */
export function encodeState(state: unknown, what: string, most = STATE_BYTES): Uint8Array {
  const bytes = encode(JSON.stringify(state));
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
    return JSON.parse(decode(bytes));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Fault("sdk.state", `cannot read ${what}: ${why}`);
  }
}
