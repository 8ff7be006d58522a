/**
 * What callers hear, and where their calls go. It reads from top to bottom: each `yield*` waits until
 * its step has ended.
 *
 * The host runs the function again at each event, over a journal of what the steps came to; so between
 * two steps only compute, and keep nothing in variables of the module.
 */
import { config } from "@hotline/sdk/host";
import { defineLinearFlow, type Linear, type LinearCall } from "@hotline/sdk/linear";

const ATTEMPTS = 3;

/** `NAME.config.json` beside the plugin; its schema stands in `hotline.plugin.json`. */
interface Config {
  greeting?: string;
  queue?: string;
}

export default defineLinearFlow(function* (call) {
  const { greeting = "Welcome.", queue = "support" } = config<Config>();
  yield* call.answer();
  yield* call.play(greeting);
  yield* choose(call);

  yield* call.play("One moment please.");
  const stay = yield* call.enqueue(queue, {
    tell: ({ position }) => `You are number ${position} in line.`,
  });
  if (stay !== "connected") {
    yield* call.play("Nobody can take your call now. Please call again later.");
  }
});

/** Until the caller pressed 1; after some attempts they are served all the same. */
function* choose(call: LinearCall): Linear<void> {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const { digits } = yield* call.collect("menu", {
      maxDigits: 1,
      say: "To talk to us, press 1.",
    });
    if (digits === "1") {
      return;
    }
  }
}
