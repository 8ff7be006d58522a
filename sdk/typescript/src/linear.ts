/**
 * Linear authoring of flows: a generator that reads from top to bottom ("collect, then look at it, then
 * enqueue"), run over the same pure step. Nothing of it stays in memory between two events: what its
 * steps came to is a journal, and each event runs the generator again from its beginning over the
 * journal, up to the step that the journal does not hold.
 *
 * So the code between two steps must be a pure function of what the steps returned: of `call`, the
 * configuration, and the SDK's clock and randomness, which tell in a replay what they told before.
 */
import { Fault } from "./fault.ts";
import {
  type Action,
  actionId,
  type Command,
  commands,
  defineRawFlow,
  type FlowPlugin,
  type Found,
  found,
  type Interaction,
  type Keys,
  type LookUp,
  type Node,
  type Place,
  type Pressed,
  pressed,
  type QueueProgress,
  type RawEvent,
  type Say,
  type StepInput,
  type StepOutput,
} from "./ivr.ts";
import { inState, type Journal, type JournalSource } from "./journal.ts";
import { type Surroundings, surroundings, within } from "./surroundings.ts";

/** What a step needs to be begun, and how it ends. */
interface Wish<Result> {
  /** With the step's own name, what a journal's entry must match. */
  kind: string;
  name: string;
  commands: Command[];
  /** What the event makes of the step. */
  hear(event: RawEvent, actions: readonly number[]): Heard<Result>;
}

type Heard<Result> =
  | { ended: Result }
  /** Goes on, with these actions instead of what was going on. */
  | { instead: Command[] }
  /** Goes on as it was. */
  | null;

const CARRY_ON = null;

/** A step of a linear flow; `yield*` it. */
export type Linear<Result> = Generator<Wish<unknown>, Result, unknown>;

/** How a stay in a queue ended. */
export type Stay =
  | "connected"
  /** Its own `giveUpAfterMs` was over; the contact is in no queue. */
  | "gave-up"
  | "overflowed"
  | "timed-out"
  | "queue-empty"
  | "queue-full"
  | "queue-closed"
  | "unknown-queue"
  | (string & {});

export interface Treatment extends Place {
  /** Said to the waiting caller at each progress; nothing when it returns nothing. */
  tell?(progress: QueueProgress): Say | undefined;
  /** Leaves the queue after so long. */
  giveUpAfterMs?: number;
}

const GIVE_UP = "linear-give-up";
const TOO_LATE = "too-late";

/** The call, as a linear flow sees it. Each method is one step: `yield*` it. */
export class LinearCall {
  /** As the call arrived; what the flow set since stands in `attribute`. */
  readonly interaction: Interaction;
  readonly #attributes: Map<string, string>;

  constructor(interaction: Interaction, attributes: readonly [string, string][]) {
    this.interaction = interaction;
    this.#attributes = new Map(attributes);
  }

  /** The attribute's value at the call's beginning, or what this flow has set since. */
  attribute(name: string): string | undefined {
    return this.#attributes.get(name);
  }

  *answer(): Linear<string> {
    return yield* action("answer", "", commands.answer());
  }

  /** Refuses the call with this SIP status, 400 to 699; only before `answer`. Ends the flow. */
  *reject(status: number): Linear<never> {
    return yield* forever("reject", commands.reject(status));
  }

  /** Returns `ok`, `interrupted` or `failed`. */
  *play(say: Say): Linear<string> {
    return yield* action("play", "", commands.play(say));
  }

  /** Asks for keys. The name stands in the journal: keep it when you change the words. */
  *collect(name: string, keys: Keys): Linear<Pressed> {
    const heard = yield* step<Pressed>({
      kind: "collect",
      name,
      commands: [commands.collect(keys)],
      hear(event, [asked]) {
        if (event.tag !== "input" || event.val.action !== asked) {
          return CARRY_ON;
        }
        return { ended: pressed(event.val) };
      },
    });
    return heard;
  }

  /**
   * Looks something up, in silence or with the queue's music. The journal keeps what `pick` makes of
   * what was found: take the few fields that matter, and throw where it is not what you expect.
   */
  *lookUp<Value = unknown>(
    name: string,
    wanted: LookUp,
    // biome-ignore lint/suspicious/noExplicitAny: JSON of another system.
    pick: (value: any) => Value = (value) => value,
  ): Linear<Found<Value>> {
    return yield* step<Found<Value>>({
      kind: "look up",
      name,
      commands: [commands.lookUp(wanted)],
      hear(event, [asked]) {
        if (event.tag !== "looked-up" || event.val.action !== asked) {
          return CARRY_ON;
        }
        const it = found(event.val);
        return { ended: it.type === "found" ? { type: "found", value: pick(it.value) } : it };
      },
    });
  }

  /**
   * Goes on in another flow of the tenant, by its name; this one is over. Returns only when the contact
   * was sent on without end: `refused`.
   */
  *transferToFlow(flow: string): Linear<string> {
    return yield* action("transfer", flow, commands.transferToFlow(flow));
  }

  /** Adds or replaces attributes of the contact; an empty value removes one. */
  *set(attributes: Record<string, string>): Linear<string> {
    const outcome = yield* action("set", "", commands.set(attributes));
    for (const [name, value] of Object.entries(attributes)) {
      if (value === "") {
        this.#attributes.delete(name);
      } else {
        this.#attributes.set(name, value);
      }
    }
    return outcome;
  }

  /** Waits for an agent, and tells how that ended. */
  *enqueue(queue: string, treatment: Treatment = {}): Linear<Stay> {
    const { tell, giveUpAfterMs, ...place } = treatment;
    const timed = giveUpAfterMs === undefined ? [] : [commands.startTimer(GIVE_UP, giveUpAfterMs)];
    const stay = yield* step<Stay>({
      kind: "enqueue",
      name: queue,
      commands: [...timed, commands.enqueue(queue, place)],
      hear(event, actions) {
        switch (event.tag) {
          case "done": {
            const [id, outcome] = event.val;
            if (id === actions.at(-1) && outcome !== "queued") {
              return { ended: outcome };
            }
            return CARRY_ON;
          }
          case "agent":
            return { ended: event.val };
          case "progress": {
            const words = tell?.(event.val);
            return words === undefined ? CARRY_ON : { instead: [commands.play(words)] };
          }
          case "timer":
            return event.val === GIVE_UP ? { ended: "gave-up" } : CARRY_ON;
          default:
            return CARRY_ON;
        }
      },
    });
    if (stay !== "gave-up") {
      return stay;
    }
    // An agent may have accepted in that very moment.
    return (yield* this.dequeue()) === TOO_LATE ? "connected" : stay;
  }

  /** Takes the contact out of its queue: `ok`, `not-queued`, or `too-late`. */
  *dequeue(): Linear<string> {
    return yield* action("dequeue", "", commands.dequeue());
  }

  /** Waits, in silence or with the queue's music. */
  *pause(ms: number): Linear<void> {
    const name = "linear-pause";
    yield* step<string>({
      kind: "pause",
      name: "",
      commands: [commands.startTimer(name, ms)],
      hear: (event) => (event.tag === "timer" && event.val === name ? { ended: "ok" } : CARRY_ON),
    });
  }

  /** Returns only when nobody is called back: `refused`. */
  *callback(number?: string): Linear<string> {
    return yield* action("callback", "", commands.callback(number ?? null));
  }

  /** Takes a message: `ok`, `empty` or `failed`. */
  *voicemail(maxMs: number, say?: Say): Linear<string> {
    return yield* action("voicemail", "", commands.voicemail(maxMs, say));
  }

  /** Ends the call; so does the end of the generator. */
  *hangUp(): Linear<never> {
    return yield* forever("hang-up", commands.hangUp());
  }
}

function* step<Result>(wish: Wish<Result>): Linear<Result> {
  return (yield wish) as Result;
}

/** One command that ends by its outcome. */
function* action(kind: string, name: string, command: Command): Linear<string> {
  return yield* step<string>({
    kind,
    name,
    commands: [command],
    hear: (event, [id]) =>
      event.tag === "done" && event.val[0] === id ? { ended: event.val[1] } : CARRY_ON,
  });
}

function* forever(kind: string, command: Command): Linear<never> {
  return yield* step<never>({ kind, name: "", commands: [command], hear: () => CARRY_ON });
}

export interface LinearOptions {
  /** A static picture for the console. */
  describe?(): Node[];
  /** Where the journal is kept: in the flow's state unless said. */
  journal?: JournalSource;
}

/** A flow that is written from top to bottom. When it returns, the call ends. */
export function defineLinearFlow(
  flow: (call: LinearCall) => Generator<Wish<unknown>, unknown, unknown>,
  options: LinearOptions = {},
): FlowPlugin {
  const source = options.journal ?? inState;
  return defineRawFlow({
    describe: () => options.describe?.() ?? [],
    step: (input) => take(flow, source, input),
  });
}

/** An end that nothing comes after: a refusal, a hang-up, or a conversation with an agent. */
const OVER: Wish<unknown> = {
  kind: "end",
  name: "",
  commands: [commands.hangUp()],
  hear: () => CARRY_ON,
};

function take(
  flow: (call: LinearCall) => Generator<Wish<unknown>, unknown, unknown>,
  source: JournalSource,
  input: StepInput,
): StepOutput {
  const begun = input.state.length > 0;
  const journal: Journal = begun
    ? source.read(input.state)
    : {
        seed: Math.floor(Math.random() * 2 ** 32),
        attributes: input.interaction.attributes,
        began: input.at,
        entries: [],
        actions: [],
      };
  if (begun && (input.event.tag === "started" || input.event.tag === "hang-up")) {
    return { state: input.state, actions: [], trace: [], ext: [] };
  }
  const replay = new Replay(journal);
  const call = new LinearCall(input.interaction, journal.attributes);
  return within(replay.around(surroundings()), () => {
    const generator = flow(call);
    const waiting = replay.run(generator);
    let chosen: Command[] = [];
    let next = waiting;
    if (!begun) {
      chosen = waiting.commands;
    } else {
      const heard = waiting.hear(input.event, journal.actions);
      if (heard === CARRY_ON) {
        return { state: input.state, actions: [], trace: [], ext: [] };
      }
      if ("instead" in heard) {
        // What is told meanwhile ends unheard: the step itself still goes on.
        const actions = numbered(input.step, heard.instead);
        return { state: input.state, actions, trace: [], ext: [] };
      }
      next = replay.end(generator, waiting, heard.ended, input.at);
      chosen = next.commands;
    }
    const actions = numbered(input.step, chosen);
    journal.actions = actions.map(({ id }) => id);
    const trace = next.name === "" ? [next.kind] : [`${next.kind} ${next.name}`];
    return { state: source.write(journal), actions, trace, ext: [] };
  });
}

function numbered(step: number, chosen: readonly Command[]): Action[] {
  return chosen.map((command, place) => ({ id: actionId(step, place), command, ext: [] }));
}

/** Runs a generator over its journal. */
class Replay {
  #now: number;
  #random: number;

  constructor(readonly journal: Journal) {
    this.#now = journal.began;
    this.#random = journal.seed;
  }

  /** Clock and randomness that tell again what they told. */
  around(real: Surroundings): Surroundings {
    return {
      ...real,
      clock: { nowMs: () => this.#now },
      random: { nextU64: () => this.#next() * 2 ** 32 + this.#next() },
    };
  }

  /** Mulberry32: a stream of 32-bit numbers from the journal's seed. */
  #next(): number {
    this.#random = (this.#random + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#random ^ (this.#random >>> 15), 1 | this.#random);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return (mixed ^ (mixed >>> 14)) >>> 0;
  }

  /** Up to the step that the journal does not hold. */
  run(generator: Generator<Wish<unknown>, unknown, unknown>): Wish<unknown> {
    let asked = generator.next();
    for (const [place, entry] of this.journal.entries.entries()) {
      const wish = asked.done === true ? OVER : asked.value;
      if (wish.kind !== entry.kind || wish.name !== entry.name) {
        throw new Fault(
          "linear.journal",
          `step ${place + 1} of this call was ${shown(entry)}, but the code now does ${shown(wish)} there: ` +
            "it was changed while the call went on. Calls keep the version that they began with; a changed flow is for new ones",
        );
      }
      this.#now = entry.at;
      asked = generator.next(entry.result);
    }
    return asked.done === true ? OVER : asked.value;
  }

  /** Writes the step's end down and goes on to the next. */
  end(
    generator: Generator<Wish<unknown>, unknown, unknown>,
    wish: Wish<unknown>,
    result: unknown,
    at: number,
  ): Wish<unknown> {
    const { kind, name } = wish;
    this.journal.entries.push({ kind, name, result, at });
    this.#now = at;
    const asked = generator.next(result);
    if (asked.done !== true) {
      return asked.value;
    }
    // With an agent, the flow's end is not the call's.
    const connected = result === "connected" || result === TOO_LATE;
    return connected ? { ...OVER, commands: [] } : OVER;
  }
}

function shown({ kind, name }: { kind: string; name: string }): string {
  return name === "" ? `\`${kind}\`` : `\`${kind} ${name}\``;
}
