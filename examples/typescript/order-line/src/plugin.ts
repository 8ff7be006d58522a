/**
 * A flow that reads from top to bottom: an order line asks for the order's number, then puts the caller
 * into a queue, and takes a message when nobody comes.
 */
import { type LinearCall, defineLinearFlow, type Linear } from "@hotline/sdk/linear";

const DIGITS = 5;
const ATTEMPTS = 3;
const PATIENCE_MS = 5 * 60_000;

export default defineLinearFlow(function* (call) {
  yield* call.answer();
  yield* call.play("Welcome to the order line.");

  const order = yield* askOrder(call);
  if (order !== null) {
    yield* call.set({ order });
  }

  const stay = yield* call.enqueue("support", {
    priority: order === null ? 0 : 1,
    tell: ({ position }) => `You are number ${position} in line.`,
    giveUpAfterMs: PATIENCE_MS,
  });
  if (stay === "connected") {
    return;
  }

  yield* call.voicemail(60_000, "Nobody can take your call now. Please leave a message.");
  yield* call.play("Thank you. Goodbye.");
});

/** The number that was entered, or nothing after three attempts. */
function* askOrder(call: LinearCall): Linear<string | null> {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const { digits } = yield* call.collect("order", {
      maxDigits: DIGITS,
      say: "Please enter the five digits of your order.",
    });
    if (digits.length === DIGITS) {
      return digits;
    }
    yield* call.play("That was no order number.");
  }
  return null;
}
