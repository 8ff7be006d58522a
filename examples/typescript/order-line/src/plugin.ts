/**
 * A flow that reads from top to bottom: an order line asks for the order's number, looks it up in the
 * tenant's table `tables/orders.json`, tells where an order is that is on its way, and puts everybody
 * else into a queue, or takes a message when nobody comes.
 *
 *     {"12345": {"status": "shipped", "days": 2}, "23456": {"status": "delayed"}}
 */
import { type LinearCall, defineLinearFlow, type Linear } from "@hotline/sdk/linear";

const DIGITS = 5;
const ATTEMPTS = 3;
const PATIENCE_MS = 5 * 60_000;

/** What is known of an order; no status where the table can not be read. */
interface Order {
  number: string;
  status?: string;
  days?: number;
}

export default defineLinearFlow(function* (call) {
  yield* call.answer();
  yield* call.play("Welcome to the order line.");

  const order = yield* askOrder(call);
  if (order !== null) {
    yield* call.set({ order: order.number });
    if (order.status === "shipped" && !(yield* wantsMore(call, order))) {
      yield* call.play("Thank you. Goodbye.");
      return;
    }
  }

  const stay = yield* call.enqueue("support", {
    // Whose order is late is waiting long enough already.
    priority: order === null ? 0 : order.status === "delayed" ? 5 : 1,
    tell: ({ position }) => `You are number ${position} in line.`,
    giveUpAfterMs: PATIENCE_MS,
  });
  if (stay === "connected") {
    return;
  }

  yield* call.voicemail(60_000, "Nobody can take your call now. Please leave a message.");
  yield* call.play("Thank you. Goodbye.");
});

/** The order that was asked for, or nothing after three attempts. */
function* askOrder(call: LinearCall): Linear<Order | null> {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const { digits: number } = yield* call.collect("order", {
      maxDigits: DIGITS,
      say: "Please enter the five digits of your order.",
    });
    if (number.length !== DIGITS) {
      yield* call.play("That was no order number.");
      continue;
    }
    // The call's journal keeps what is picked: only what the flow needs.
    const found = yield* call.lookUp(
      "order",
      { table: "orders", key: number, withinMs: 2_000 },
      ({ status, days }): Order => ({ number, status, days }),
    );
    if (found.type === "found") {
      return found.value;
    }
    if (found.type !== "nothing") {
      return { number };
    }
    yield* call.play("We do not know this order.");
  }
  return null;
}

function* wantsMore(call: LinearCall, { days = 0 }: Order): Linear<boolean> {
  const { digits } = yield* call.collect("more", {
    maxDigits: 1,
    say: `Your order is on its way, and will be with you in ${days} days. To talk to us, press 1.`,
  });
  return digits === "1";
}
