/**
 * What callers hear, and where their calls go. Calls in progress go on in a new version of it.
 *
 * A flow is a pure step: the host tells what happened, the flow says what comes next. Nothing survives
 * between two steps but the `Place` that it returns. When another version of this plugin goes into
 * service, that one's `migrate` is asked about each call that is in progress, once, at the call's next
 * event; so this one's is asked about the calls of the versions before it.
 */
import { config } from "@hotline/sdk/host";
import { defineFlow, goTo, type Moved, node, type Step, wait } from "@hotline/sdk/ivr";

const ATTEMPTS = 3;

/** `NAME.config.json` beside the plugin; its schema stands in `hotline.plugin.json`. */
interface Config {
  greeting?: string;
  queue?: string;
}

/** Where a call is: what it waits for, and what must be remembered for that. */
type Place =
  | { at: "start" }
  /** For a key; how often it was none of the menu's. The first version did not count. */
  | { at: "choosing"; failures: number }
  /** For an agent. */
  | { at: "queued" }
  /** For the end of the goodbye. */
  | { at: "leaving" };

export default defineFlow<Place>({
  start: { at: "start" },

  step(_, place, event) {
    if (place.at === "start" && event.type === "started") {
      return menu(0, config<Config>().greeting ?? "Welcome.");
    }
    if (place.at === "choosing" && event.type === "input") {
      const failures = place.failures + 1;
      return event.input.digits === "1" || failures >= ATTEMPTS ? toQueue() : menu(failures);
    }
    if (place.at === "queued") {
      // Told now and then while the caller waits.
      if (event.type === "progress") {
        return goTo<Place>(place).play(`You are number ${event.progress.position} in line.`);
      }
      // The queue is full, closed, or gave up on them.
      if (event.type === "failed" || (event.type === "agent" && event.what !== "connected")) {
        return goodbye();
      }
    }
    if (place.at === "leaving" && event.type === "done") {
      return goTo<Place>(place).hangUp();
    }
    // Whatever else happens changes nothing, the hang-up included.
    return wait<Place>(place);
  },

  migrate: ({ state }) => moved(state),

  /** The picture for the console. */
  describe: () => [
    node("menu", "menu", "Main menu", { 1: "queue", else: "queue" }),
    node("queue", "queue", "To an agent", { failed: "goodbye" }),
    node("goodbye", "hangup", "Goodbye"),
  ],
});

/**
 * What becomes of a call that another version has begun with. What that version kept may have any
 * shape: one that is none of ours stays with it until the call ends, and `"restart"` would greet the
 * caller again.
 */
function moved(state: unknown): Moved<Place> {
  const { at, failures } = Object(state) as { at?: unknown; failures?: unknown };
  switch (at) {
    case "start":
    case "queued":
    case "leaving":
      return { to: { at } };
    case "choosing":
      return { to: { at, failures: typeof failures === "number" ? failures : 0 } };
    default:
      return "stay";
  }
}

function menu(failures: number, greeting?: string): Step<Place> {
  const asking = goTo<Place>({ at: "choosing", failures }).passing("menu");
  const greeted = greeting === undefined ? asking : asking.answer().play(greeting);
  return greeted.collect({ maxDigits: 1, say: "To talk to us, press 1." });
}

function toQueue(): Step<Place> {
  const { queue = "support" } = config<Config>();
  return goTo<Place>({ at: "queued" }).passing("queue").play("One moment please.").enqueue(queue);
}

function goodbye(): Step<Place> {
  return goTo<Place>({ at: "leaving" })
    .passing("goodbye")
    .play("Nobody can take your call now. Please call again later.");
}
