/**
 * A flow as a pure step: a parcel service. The caller enters a parcel number and hears where the parcel
 * is, or talks to someone.
 *
 *     hotline plugin build examples/typescript/parcels --out flows/demo
 *
 * Read it from the top: a place for each thing that the flow waits for, then what it does about each
 * event there.
 */
import { log } from "@hotline/sdk/host";
import { defineFlow, goTo, node, type Step, wait } from "@hotline/sdk/ivr";

/** What the flow waits for, and what must be remembered for that. */
type Place =
  | { at: "start" }
  | { at: "number"; failures: number }
  | { at: "news"; parcel: string }
  | { at: "queue" }
  | { at: "goodbye" };

const DIGITS = 6;
const MOST_FAILURES = 3;

export default defineFlow<Place>({
  start: { at: "start" },

  step(call, place, event) {
    if (place.at === "start" && event.type === "started") {
      const greeted = goTo(place).passing("greeting").answer().play("Welcome to Parcel Service.");
      return askNumber(0, greeted);
    }
    if (place.at === "number" && event.type === "input") {
      const { digits } = event.input;
      if (digits.length === DIGITS) {
        return tell(digits);
      }
      if (digits === "0" || place.failures + 1 >= MOST_FAILURES) {
        return talkToSomeone(null);
      }
      return askNumber(place.failures + 1, goTo(place).play("A parcel number has six digits."));
    }
    if (place.at === "news" && event.type === "input") {
      switch (event.input.digits) {
        case "1":
          return tell(place.parcel);
        case "2":
          return askNumber(0, goTo(place));
        case "0":
          return talkToSomeone(place.parcel);
        default:
          return goodbye("Thank you for calling. Goodbye.");
      }
    }
    if (place.at === "queue" && event.type === "progress") {
      return goTo<Place>(place).play(`You are number ${event.progress.position} in line.`);
    }
    if (place.at === "queue" && event.type === "failed") {
      log.warn("not queued", { contact: call.interaction.id, outcome: event.outcome });
      return goodbye("All our lines are busy. Please call again later.");
    }
    if (place.at === "queue" && event.type === "agent" && event.what !== "connected") {
      return goodbye("Nobody can take your call now. Please call again later.");
    }
    if (place.at === "goodbye" && event.type === "done") {
      return goTo<Place>(place).hangUp();
    }
    // Everything else changes nothing: events of later hosts, and the hang-up.
    return wait<Place>(place);
  },

  /**
   * A call that began with an earlier build goes on in this one, from its next event. Whoever changes
   * `Place` looks at the old shape here and says what it has become, or leaves such calls where they are.
   */
  migrate: ({ state }) => (isPlace(state) ? { to: state } : "stay"),

  describe: () => [
    node("greeting", "say", "Welcome", { next: "number" }),
    node("number", "collect", "Parcel number", { next: "news", 0: "support", failed: "support" }),
    node("news", "menu", "Where the parcel is", { 1: "news", 2: "number", 0: "support" }),
    node("support", "queue", "support", { full: "goodbye" }),
    node("goodbye", "hangup", "Goodbye"),
  ],
});

function isPlace(state: unknown): state is Place {
  const places = ["start", "number", "news", "queue", "goodbye"];
  return typeof state === "object" && state !== null && "at" in state && places.includes(String(state.at));
}

function askNumber(failures: number, soFar: Step<Place>): Step<Place> {
  const asking = goTo<Place>({ at: "number", failures }).passing("number");
  asking.commands.push(...soFar.commands);
  asking.trace.unshift(...soFar.trace);
  return asking.collect({
    maxDigits: DIGITS,
    say: "Please enter your parcel number, or press 0 and the hash key to talk to us.",
    firstWithinMs: 8_000,
  });
}

function tell(parcel: string): Step<Place> {
  // A real flow would ask the host to look the parcel up; this one reads the tea leaves.
  const news = Number(parcel.at(-1)) < 5 ? "has been delivered" : "arrives tomorrow";
  return goTo<Place>({ at: "news", parcel })
    .passing("news")
    .set({ parcel })
    .collect({
      maxDigits: 1,
      say: `Your parcel ${news}. To hear this again, press 1. For another parcel, press 2. To talk to us, press 0.`,
    });
}

function talkToSomeone(parcel: string | null): Step<Place> {
  // Who knows their parcel's number is served a little earlier.
  return goTo<Place>({ at: "queue" })
    .passing("support")
    .set({ topic: "parcel" })
    .play("One moment please.")
    .enqueue("support", { priority: parcel === null ? 0 : 1 });
}

function goodbye(words: string): Step<Place> {
  return goTo<Place>({ at: "goodbye" }).passing("goodbye").play(words);
}
