import type { Types } from "./wit/common.ts";

/**
 * How a plugin says that it cannot answer: throw one. The host shows it to the plugin's author and
 * carries on with its built-in behaviour. Any other error that is thrown becomes `plugin.error`.
 */
export class Fault extends Error {
  readonly code: string;
  /** Whether the same call might succeed later. */
  readonly retryable: boolean;

  /** The code is stable and dotted, e.g. `orders.unknown-customer`. */
  constructor(code: string, message: string, retryable = false) {
    super(message);
    this.name = "Fault";
    this.code = code;
    this.retryable = retryable;
  }
}

/** What crosses the boundary for whatever was thrown. */
export function faultOf(thrown: unknown): Types.Fault {
  if (thrown instanceof Fault) {
    const { code, message, retryable } = thrown;
    return { code, message, retryable, details: null };
  }
  const message = thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown);
  const stack = thrown instanceof Error ? (thrown.stack ?? "") : "";
  const details = stack === "" ? null : JSON.stringify({ stack });
  return { code: "plugin.error", message, retryable: false, details };
}
