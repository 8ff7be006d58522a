/**
 * World `ivr-flow`: how a business treats a caller, as a pure step from (state, event) to (state,
 * actions). Most flows use `defineFlow`, or `defineLinearFlow` of `@hotline/sdk/linear`;
 * `defineRawFlow` is the contract itself, for interpreters.
 */
import { Fault } from "./fault.ts";
import type { Plugin } from "./plugin.ts";
import { decodeState, encodeState } from "./state.ts";
import type { Types } from "./wit/common.ts";
import type { Flow } from "./wit/ivr.ts";

export type Interaction = Types.Interaction;
export type RawEvent = Flow.Event;
export type StepInput = Flow.StepInput;
export type StepOutput = Flow.StepOutput;
export type Command = Flow.Command;
export type Prompt = Flow.Prompt;
export type InputResult = Flow.InputResult;
export type QueueProgress = Flow.QueueProgress;
/** One node of a flow's picture. */
export type Node = Flow.Node;

/** The contract as it is: bytes for a state, every event as it comes. */
export interface RawFlow {
  step(input: StepInput): StepOutput;
  /** A static picture for the console. */
  describe?(): Node[];
}

export type FlowPlugin = Plugin<{ flow: Required<RawFlow> }>;

export function defineRawFlow(flow: RawFlow): FlowPlugin {
  return {
    world: "ivr-flow",
    exports: {
      flow: { step: (input) => flow.step(input), describe: () => flow.describe?.() ?? [] },
    },
  };
}

/** What a flow is told. */
export type Event =
  /** The call is there and not yet answered. */
  | { type: "started" }
  /** All actions of the last step are done; the outcome of the last (`ok`, `queued`, ...). */
  | { type: "done"; outcome: string }
  /** One action of the last step failed (`unknown-queue`, `queue-full`, `failed`, ...). */
  | { type: "failed"; outcome: string }
  /** Keys, or none, for the running collect. */
  | { type: "input"; input: InputResult }
  | { type: "timer"; name: string }
  /** The contact waits in its queue. */
  | { type: "progress"; progress: QueueProgress }
  /** `connected`; or, no longer queued, `overflowed`, `timed-out`, `queue-empty`, ... */
  | { type: "agent"; what: string }
  /** The caller is gone; what you return now is not performed. */
  | { type: "hang-up"; reason: string }
  /** A later host's event: return `wait(state)`. */
  | { type: "other" };

/** What is known of the call at this step. */
export class Call {
  constructor(
    readonly interaction: Interaction,
    /** Milliseconds since 1970-01-01 UTC. */
    readonly atMs: number,
  ) {}

  /** The attribute's value, unless it is unset. */
  attribute(name: string): string | undefined {
    return this.interaction.attributes.find(([key]) => key === name)?.[1];
  }
}

/** A flow with a state of its own type, which must survive JSON. */
export interface FlowDefinition<State> {
  /** The state before `started`. */
  start: State;
  /** What next? Return `wait(state)` to let what is going on go on. */
  step(call: Call, state: State, event: Event): Step<State>;
  /** A static picture for the console. */
  describe?(): Node[];
}

/** Things to say, one after the other. */
export type Say = string | Prompt | readonly (string | Prompt)[];

/** Words to be spoken, in the contact's language unless another is named (BCP 47). */
export function text(words: string, language: string | null = null): Prompt {
  return { source: { tag: "text", val: words }, language, ext: [] };
}

/** A file below the tenant's `prompts` folder. */
export function audio(file: string): Prompt {
  return { source: { tag: "audio", val: file }, language: null, ext: [] };
}

export function prompts(say: Say): Prompt[] {
  const list = typeof say === "string" || "source" in say ? [say] : say;
  return list.map((one) => (typeof one === "string" ? text(one) : one));
}

/** A request for keys. */
export interface Keys {
  /** From 1 to 64. */
  maxDigits: number;
  say?: Say;
  /** From the end of the prompts to the first key; 5 s unless said. */
  firstWithinMs?: number;
  /** From one key to the next; 3 s unless said. */
  nextWithinMs?: number;
  /** Keys that end the input and are not part of it; `#` unless said. */
  endedBy?: string;
  /** Whether a key stops the prompts; true unless said. */
  bargeIn?: boolean;
  /** Card numbers and the like: the flow gets a token, records get the length. */
  sensitive?: boolean;
}

/** How to stand in a queue. */
export interface Place {
  /** One point is worth a minute of waiting with the shipped policy. */
  priority?: number;
  /** What an agent needs besides what the queue requires: `english >= 4 and not trainee`. */
  skills?: string;
  /** Waits for this agent alone, by id, for at most so long. */
  preferred?: { agent: string; waitMs: number };
}

/** The commands of the contract, with everything optional filled in. */
export const commands = {
  answer: (): Command => ({ tag: "answer" }),
  reject: (status: number): Command => ({ tag: "reject", val: status }),
  play: (say: Say): Command => ({ tag: "play", val: prompts(say) }),
  collect: (keys: Keys): Command => ({
    tag: "collect",
    val: {
      prompts: keys.say === undefined ? [] : prompts(keys.say),
      bargeIn: keys.bargeIn ?? true,
      maxDigits: keys.maxDigits,
      terminators: keys.endedBy ?? "#",
      firstTimeoutMs: keys.firstWithinMs ?? 5_000,
      interTimeoutMs: keys.nextWithinMs ?? 3_000,
      sensitive: keys.sensitive ?? false,
      ext: [],
    },
  }),
  set: (attributes: Record<string, string>): Command => ({
    tag: "set-attributes",
    val: Object.entries(attributes),
  }),
  startTimer: (name: string, afterMs: number): Command => ({
    tag: "start-timer",
    val: { name, afterMs },
  }),
  cancelTimer: (name: string): Command => ({ tag: "cancel-timer", val: name }),
  enqueue: (queue: string, place: Place = {}): Command => ({
    tag: "enqueue",
    val: {
      queue,
      priority: place.priority ?? 0,
      skills: place.skills ?? "",
      preferred: place.preferred ?? null,
      ext: [],
    },
  }),
  dequeue: (): Command => ({ tag: "dequeue" }),
  callback: (number: string | null = null): Command => ({ tag: "callback", val: number }),
  voicemail: (maxMs: number, say: Say = []): Command => ({
    tag: "voicemail",
    val: { prompts: prompts(say), maxMs },
  }),
  hangUp: (): Command => ({ tag: "hangup" }),
};

/**
 * What comes next: a state, and actions performed one after the other. No action means "carry on"; any
 * replaces what has not started yet, and stops a running play or collect.
 */
export class Step<State> {
  readonly commands: Command[] = [];
  readonly trace: string[] = [];

  constructor(readonly state: State) {}

  /** Notes the node for the contact's timeline. */
  passing(node: string): this {
    this.trace.push(node);
    return this;
  }

  command(command: Command): this {
    this.commands.push(command);
    return this;
  }

  answer(): this {
    return this.command(commands.answer());
  }

  /** Refuses the call with this SIP status, 400 to 699; only before `answer`. */
  reject(status: number): this {
    return this.command(commands.reject(status));
  }

  play(say: Say): this {
    return this.command(commands.play(say));
  }

  collect(keys: Keys): this {
    return this.command(commands.collect(keys));
  }

  /** An empty value removes the attribute. */
  set(attributes: Record<string, string>): this {
    return this.command(commands.set(attributes));
  }

  startTimer(name: string, afterMs: number): this {
    return this.command(commands.startTimer(name, afterMs));
  }

  cancelTimer(name: string): this {
    return this.command(commands.cancelTimer(name));
  }

  enqueue(queue: string, place?: Place): this {
    return this.command(commands.enqueue(queue, place));
  }

  dequeue(): this {
    return this.command(commands.dequeue());
  }

  /** Calls the customer back when an agent has accepted: at the caller's own number when none is given. */
  callback(number?: string): this {
    return this.command(commands.callback(number ?? null));
  }

  /** Takes a message of at most `maxMs` after the prompts. */
  voicemail(maxMs: number, say?: Say): this {
    return this.command(commands.voicemail(maxMs, say));
  }

  hangUp(): this {
    return this.command(commands.hangUp());
  }
}

/** Goes on in this state, with the actions that are added. */
export function goTo<State>(state: State): Step<State> {
  return new Step(state);
}

/** Stays in this state and lets what is going on go on. */
export function wait<State>(state: State): Step<State> {
  return new Step(state);
}

/** A node of the picture. */
export function node(id: string, kind: string, title: string, next: Record<string, string> = {}): Node {
  return { id, kind, title, next: Object.entries(next) };
}

/** What stands in the host's keeping between two steps. */
interface Kept<State> {
  /** The ids of the actions that have not ended. */
  open: number[];
  state: State;
}

const GOOD = ["ok", "queued", "interrupted"];
/** Ids of one step's actions; the host allows no more. */
const ACTIONS = 32;

/** The id of a step's action at this place: unlike those of the steps before and after. */
export function actionId(step: number, place: number): number {
  return (step % 2 ** 26) * ACTIONS + place;
}

export function defineFlow<State>(flow: FlowDefinition<State>): FlowPlugin {
  return defineRawFlow({
    describe: () => flow.describe?.() ?? [],
    step(input) {
      const begun = input.state.length > 0;
      const kept: Kept<State> = begun ? readKept(input.state) : { open: [], state: flow.start };
      const event = sorted(input.event, begun, kept);
      const call = new Call(input.interaction, input.at);
      const next = event === null ? wait(kept.state) : flow.step(call, kept.state, event);
      const actions = next.commands.map((command, place) => ({
        id: actionId(input.step, place),
        command,
      }));
      const open = actions.length > 0 ? actions.map((action) => action.id) : kept.open;
      return {
        state: encodeState({ open, state: next.state }, "the flow's state"),
        actions,
        trace: next.trace,
        ext: [],
      };
    },
  });
}

function readKept<State>(bytes: Uint8Array): Kept<State> {
  const kept = decodeState(bytes) as Partial<Kept<State>> | null;
  if (typeof kept !== "object" || !Array.isArray(kept?.open)) {
    throw new Fault("sdk.state", "the flow's state is not one that this SDK wrote");
  }
  return kept as Kept<State>;
}

/** The event for the flow; none for one that comes late or twice, or that nothing depends on. */
function sorted(event: RawEvent, begun: boolean, kept: { open: number[] }): Event | null {
  const ended = (action: number): boolean => {
    const awaited = kept.open.includes(action);
    kept.open = kept.open.filter((id) => id !== action);
    return awaited;
  };
  switch (event.tag) {
    case "started":
      return begun ? null : { type: "started" };
    case "done": {
      const [action, outcome] = event.val;
      if (!ended(action)) {
        return null;
      }
      if (!GOOD.includes(outcome)) {
        return { type: "failed", outcome };
      }
      return kept.open.length === 0 ? { type: "done", outcome } : null;
    }
    case "input":
      return ended(event.val.action) ? { type: "input", input: event.val } : null;
    case "timer":
      return { type: "timer", name: event.val };
    case "progress":
      return { type: "progress", progress: event.val };
    case "agent":
      return { type: "agent", what: event.val };
    case "hang-up":
      return { type: "hang-up", reason: event.val };
    default:
      return { type: "other" };
  }
}
