/**
 * World `ivr-flow`: how a business treats a caller, as a pure step from (state, event) to (state,
 * actions). Most flows use `defineFlow`, or `defineLinearFlow` of `@hotline/sdk/linear`;
 * `defineRawFlow` is the contract itself, for interpreters.
 */
import { Fault } from "./fault.ts";
import type { Plugin } from "./plugin.ts";
import { decodeState, encodeState } from "./state.ts";
import type { Types } from "./wit/common.ts";
import type { Flow, Migration } from "./wit/ivr.ts";

export type Interaction = Types.Interaction;
export type RawEvent = Flow.Event;
export type StepInput = Flow.StepInput;
export type StepOutput = Flow.StepOutput;
export type Action = Flow.Action;
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

export type MigrateInput = Migration.MigrateInput;
export type Migrated = Migration.Migrated;

export type FlowPlugin = Plugin<{ flow: Required<RawFlow>; migration?: Migration.Functions }>;

/** A contact that another version of the flow has begun with. */
export interface Earlier {
  version: Migration.Version;
  interaction: Interaction;
  /** Milliseconds since 1970-01-01 UTC. */
  atMs: number;
  /** What that version kept: look before you believe it. */
  state: unknown;
}

/**
 * What becomes of a contact: it ends on the version that it is on; or goes on here in a state, with the
 * event that has come; or begins anew here, answered and perhaps queued as it is.
 */
export type Moved<State> = "stay" | { to: State } | "restart";

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
  /** All actions of the last step are done, lookups apart; the outcome of the last (`ok`, ...). */
  | { type: "done"; outcome: string }
  /** One action of the last step failed (`unknown-queue`, `queue-full`, `failed`, ...). */
  | { type: "failed"; outcome: string }
  /** Keys, or none, for the running collect. */
  | { type: "input"; input: Pressed }
  /** What a lookup came to. */
  | { type: "looked-up"; found: Found }
  | { type: "timer"; name: string }
  /** The contact waits in its queue. */
  | { type: "progress"; progress: QueueProgress }
  /** `connected`; or, no longer queued, `overflowed`, `timed-out`, `queue-empty`, ... */
  | { type: "agent"; what: string }
  /** The caller is gone; what you return now is not performed. */
  | { type: "hang-up"; reason: string }
  /** A later host's event: return `wait(state)`. */
  | { type: "other" };

/** What a collect came to. */
export interface Pressed {
  /** Empty when the collect was sensitive. */
  digits: string;
  /** Stands for the digits of a sensitive collect; a connector can spend it, once. */
  token: string | null;
  length: number;
  /** As many keys as were asked for, or a terminator; some keys; none. */
  outcome: "complete" | "partial" | "no-input";
}

/** As authors see it; what a later host says is taken for nothing. */
export function pressed({ digits, token, length, outcome }: InputResult): Pressed {
  return { digits, token, length, outcome: outcome.tag === "ext" ? "no-input" : outcome.tag };
}

/** Something to look up: in the host's own records, a table of the tenant, or by a connector. */
export type LookUp = (
  | { history: true }
  /** The value of a key of `tables/NAME.json`. */
  | { table: string; key: string }
  /**
   * An operation of the connector of this name: one of the contract's (`find-contact` with
   * `{phone: "+4930123456"}`), or one of the connector's own.
   */
  | { connector: string; operation: string; argument: unknown }
) & {
  /** From 1 to 30,000; 5 s unless said. What comes later is dropped. */
  withinMs?: number;
};

/** What a lookup came to. `failed`: the timeline says why. */
export type Found<Value = unknown> =
  | { type: "found"; value: Value }
  | { type: "nothing" | "timed-out" | "failed" };

/** As authors see it. */
export function found({ outcome, value }: Flow.LookupResult): Found {
  switch (outcome.tag) {
    case "found":
      return { type: "found", value: JSON.parse(value) };
    case "ext":
      return { type: "failed" };
    default:
      return { type: outcome.tag };
  }
}

function source(wanted: LookUp): Flow.LookupSource {
  if ("history" in wanted) {
    return { tag: "customer-history" };
  }
  if ("table" in wanted) {
    return { tag: "table", val: [wanted.table, wanted.key] };
  }
  const { connector, operation, argument } = wanted;
  const json = JSON.stringify(argument ?? null);
  return { tag: "connector", val: { connector, operation, argument: json, ext: [] } };
}

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
  /**
   * Takes a contact over from an earlier version of the flow, at its next event. Without it, each ends
   * on the version that it began with.
   */
  migrate?(earlier: Earlier): Moved<State>;
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
    val: { name, afterMs, ext: [] },
  }),
  cancelTimer: (name: string): Command => ({ tag: "cancel-timer", val: name }),
  enqueue: (queue: string, place: Place = {}): Command => ({
    tag: "enqueue",
    val: {
      queue,
      priority: place.priority ?? 0,
      skills: place.skills ?? "",
      preferred: place.preferred === undefined ? null : { ...place.preferred, ext: [] },
      ext: [],
    },
  }),
  dequeue: (): Command => ({ tag: "dequeue" }),
  callback: (number: string | null = null): Command => ({ tag: "callback", val: number }),
  voicemail: (maxMs: number, say: Say = []): Command => ({
    tag: "voicemail",
    val: { prompts: prompts(say), maxMs, ext: [] },
  }),
  lookUp: (wanted: LookUp): Command => ({
    tag: "look-up",
    val: { source: source(wanted), timeoutMs: wanted.withinMs ?? 5_000, ext: [] },
  }),
  transferToFlow: (flow: string): Command => ({
    tag: "transfer",
    val: { tag: "flow", val: flow },
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

  /**
   * Begins to look something up; what comes after it is done meanwhile. Ends by `looked-up`.
   */
  lookUp(wanted: LookUp): this {
    return this.command(commands.lookUp(wanted));
  }

  /** Goes on in another flow of the tenant, by its name; this one is over. */
  transferToFlow(flow: string): this {
    return this.command(commands.transferToFlow(flow));
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
  return { id, kind, title, next: Object.entries(next), ext: [] };
}

/** What stands in the host's keeping between two steps. */
interface Kept<State> {
  /** The ids of the actions that have not ended. */
  open: number[];
  /** Of the lookups that were not answered, of any step: another list does not stop them. */
  lookups: number[];
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
  const raw = defineRawFlow({
    describe: () => flow.describe?.() ?? [],
    step(input) {
      const begun = input.state.length > 0;
      const kept: Kept<State> = begun ? readKept(input.state) : { open: [], lookups: [], state: flow.start };
      const event = sorted(input.event, begun, kept);
      const call = new Call(input.interaction, input.at);
      const next = event === null ? wait(kept.state) : flow.step(call, kept.state, event);
      const actions = next.commands.map((command, place) => ({
        id: actionId(input.step, place),
        command,
        ext: [],
      }));
      const ids = (of: (command: Command) => boolean) =>
        actions.filter(({ command }) => of(command)).map(({ id }) => id);
      const looksUp = (command: Command) => command.tag === "look-up";
      const open = actions.length > 0 ? ids((command) => !looksUp(command)) : kept.open;
      const lookups = [...kept.lookups, ...ids(looksUp)];
      return {
        state: encodeState({ open, lookups, state: next.state }, "the flow's state"),
        actions,
        trace: next.trace,
        ext: [],
      };
    },
  });
  if (flow.migrate === undefined) {
    return raw;
  }
  const migrate = (input: MigrateInput): Migrated => {
    const kept = readKept<unknown>(input.state);
    const { from: version, interaction, at: atMs } = input;
    const moved = flow.migrate?.({ version, interaction, atMs, state: kept.state }) ?? "stay";
    if (typeof moved === "string") {
      return moved === "stay" ? { tag: "stay" } : { tag: "restart", val: new Uint8Array() };
    }
    // What the contact waits for goes on, so its ends are still known.
    return { tag: "state", val: encodeState({ ...kept, state: moved.to }, "the flow's state") };
  };
  return {
    world: "ivr-flow-with-migration",
    exports: { ...raw.exports, migration: { migrate } },
  };
}

function readKept<State>(bytes: Uint8Array): Kept<State> {
  const kept = decodeState(bytes) as Partial<Kept<State>> | null;
  if (typeof kept !== "object" || !Array.isArray(kept?.open) || !Array.isArray(kept.lookups)) {
    throw new Fault("sdk.state", "the flow's state is not one that this SDK wrote");
  }
  return kept as Kept<State>;
}

/** The event for the flow; none for one that comes late or twice, or that nothing depends on. */
function sorted(
  event: RawEvent,
  begun: boolean,
  kept: { open: number[]; lookups: number[] },
): Event | null {
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
      return ended(event.val.action) ? { type: "input", input: pressed(event.val) } : null;
    case "looked-up": {
      const { action } = event.val;
      const awaited = kept.lookups.includes(action);
      kept.lookups = kept.lookups.filter((id) => id !== action);
      return awaited ? { type: "looked-up", found: found(event.val) } : null;
    }
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
