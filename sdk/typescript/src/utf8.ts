/**
 * Text as bytes. QuickJS has no TextEncoder, and a loop over characters costs it some thousand
 * instructions each; what it does natively is Base64 and URI encoding, so text goes through those.
 */

/** Of ES2026; QuickJS has them, Node 20 has not. */
interface Base64 {
  fromBase64?(text: string): Uint8Array;
  prototype: { toBase64?(this: Uint8Array): string };
}

const { fromBase64, prototype } = Uint8Array as Base64;
const { toBase64 } = prototype;

/**
 * One byte for each character.
 *
 * @throws when a character is above U+00FF.
 */
export function latin1Bytes(text: string): Uint8Array {
  if (fromBase64 !== undefined) {
    return fromBase64.call(Uint8Array, btoa(text));
  }
  return Uint8Array.from(text, (character) => {
    const code = character.charCodeAt(0);
    if (code > 0xff) {
      throw new RangeError(`${JSON.stringify(character)} has no byte of its own`);
    }
    return code;
  });
}

/** One character for each byte. */
export function latin1Text(bytes: Uint8Array): string {
  if (toBase64 !== undefined) {
    return atob(toBase64.call(bytes));
  }
  return Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
}

export function encode(text: string): Uint8Array {
  // A lone surrogate has no UTF-8: the replacement character stands for it.
  const whole = text.isWellFormed() ? text : text.replace(/\p{Surrogate}/gu, "\ufffd");
  return latin1Bytes(unescape(encodeURIComponent(whole)));
}

/** @throws when the bytes are not UTF-8. */
export function decode(bytes: Uint8Array): string {
  const text = latin1Text(bytes);
  return isAscii(bytes) ? text : decodeURIComponent(escape(text));
}

/** As many as are passed to one call. */
const CHUNK = 4096;

/** Unescaping what need not be is the dearer half of `decode`. */
function isAscii(bytes: Uint8Array): boolean {
  const signed = new Int8Array(bytes.buffer, bytes.byteOffset, bytes.length);
  for (let start = 0; start < signed.length; start += CHUNK) {
    const chunk = signed.subarray(start, start + CHUNK);
    if (Math.min.apply(null, chunk as unknown as number[]) < 0) {
      return false;
    }
  }
  return true;
}
