import { Fault, faultOf } from "../fault.ts";
import type {
  Command,
  FlowPlugin,
  Found,
  Interaction,
  Pressed,
  Prompt,
  RawEvent,
  StepOutput,
} from "../ivr.ts";
import type { Flow } from "../wit/ivr.ts";
import { FakeHost, MONDAY_TEN_O_CLOCK, purely } from "./host.ts";

/** A contact of the phone kind, from `+4930123456` to `100`. */
export function caller(): Interaction {
  return {
    id: "contact-1",
    channel: "phone",
    direction: "inbound",
    caller: "+4930123456",
    dialled: "100",
    language: null,
    startedAt: MONDAY_TEN_O_CLOCK,
    priority: 0,
    attributes: [],
    ext: [],
  };
}

function sourceOf(source: Flow.LookupSource): string {
  switch (source.tag) {
    case "customer-history":
      return "history";
    case "table":
      return `table ${source.val.join(" ")}`;
    case "connector": {
      const { connector, operation, argument } = source.val;
      return `${connector} ${operation} ${argument}`;
    }
    case "ext":
      return `ext ${source.val[0]}`;
  }
}

/** More than any honest flow does without an event from outside. */
const ENDS_IN_A_ROW = 500;

type Performed = { outcome: string } | "ends otherwise" | "goes on meanwhile" | "ends the call";

/**
 * One call through a flow. Performs actions as the host does: in order, one after the other, each end
 * reported with its id; hands over nothing but the returned state, as after a crash; and keeps a
 * transcript to compare.
 */
export class FlowBench {
  readonly host = new FakeHost();
  readonly interaction = caller();
  /** Whether queues exist and have room: the outcome of the next enqueue. */
  enqueueOutcome = "queued";
  /** What becomes of the next callback or voicemail: `ok`, `refused`, `empty`, `failed`. */
  wishOutcome = "ok";
  /** The queue that the contact is in. */
  queued: string | null = null;
  /** Whether the call has ended. */
  over = false;
  /** The last fault of the flow. */
  fault: Fault | null = null;
  /** What the flow's last step returned. */
  state: Uint8Array = new Uint8Array();
  #flow: FlowPlugin;
  /** A new version that is not asked yet. */
  #reloaded: FlowPlugin | null = null;
  #steps = 0;
  #waiting: { id: number; command: Command }[] = [];
  #collecting: number | null = null;
  /** Open lookups, in the order of their beginning. */
  #lookups: number[] = [];
  #transcript: string[] = [];
  #heard: string[] = [];

  constructor(flow: FlowPlugin) {
    this.#flow = flow;
  }

  /** From the next event on another version of the flow is asked. */
  switchTo(flow: FlowPlugin): this {
    this.#flow = flow;
    return this;
  }

  /**
   * A new version of the flow is in service from now on. As the host does, the bench asks it with the
   * call's next event, once, what becomes of the call; a hang-up stays with the version that has the
   * call, and so does every call of a flow without `migrate`.
   */
  reload(flow: FlowPlugin): this {
    this.#reloaded = flow;
    return this;
  }

  /** The call arrives. */
  start(): this {
    return this.#happen("started", { tag: "started" });
  }

  /** The caller presses these keys; nothing happens unless the flow asked for keys. */
  press(keys: string): this {
    return this.#keys(`keys ${keys}`, { digits: keys, length: keys.length, outcome: "complete" });
  }

  /** The caller presses these keys, then stops. */
  pressPartly(keys: string): this {
    const label = `keys ${keys} and no more`;
    return this.#keys(label, { digits: keys, length: keys.length, outcome: "partial" });
  }

  /** The caller presses keys that only the host may know. */
  pressSecretly(length: number, token: string): this {
    return this.#keys(`${length} secret keys`, { length, token, outcome: "complete" });
  }

  /** The caller presses nothing until the time is up. */
  pressNothing(): this {
    return this.#keys("no key", { outcome: "no-input" });
  }

  #keys(label: string, keys: Partial<Pressed> & Pick<Pressed, "outcome">): this {
    const action = this.#collecting;
    if (action === null) {
      return this;
    }
    this.#collecting = null;
    const outcome = { tag: keys.outcome };
    const val = { digits: "", token: null, length: 0, ...keys, action, outcome, ext: [] };
    return this.#happen(label, { tag: "input", val });
  }

  /** The lookup that was begun first finds this; nothing happens unless one is open. */
  finds(value: unknown): this {
    const json = JSON.stringify(value);
    return this.#lookupEnds(`found ${json}`, "found", json);
  }

  /** It finds nothing. */
  findsNothing(): this {
    return this.#lookupEnds("found nothing", "nothing");
  }

  /** It takes too long. */
  lookupTimesOut(): this {
    return this.#lookupEnds("lookup timed out", "timed-out");
  }

  /** The other system is broken, or says no. */
  lookupFails(): this {
    return this.#lookupEnds("lookup failed", "failed");
  }

  #lookupEnds(label: string, tag: Found["type"], value = "null"): this {
    const action = this.#lookups.shift();
    if (action === undefined) {
      return this;
    }
    const val = { action, outcome: { tag }, value, ext: [] };
    return this.#happen(label, { tag: "looked-up", val });
  }

  /** Whether the flow waits for what it looks up. */
  get isLookingUp(): boolean {
    return this.#lookups.length > 0;
  }

  /** The queue tells where the contact stands. */
  progress(position: number, expectedWaitMs: number | null = null): this {
    if (this.queued === null) {
      return this;
    }
    const val = { queue: this.queued, position, expectedWaitMs, waitedMs: 10_000, ext: [] };
    return this.#happen(`position ${position}`, { tag: "progress", val });
  }

  /** `connected`, `overflowed`, ... */
  agent(what: string): this {
    this.queued = null;
    return this.#happen(`agent ${what}`, { tag: "agent", val: what });
  }

  /** The timer is due. */
  timer(name: string): this {
    return this.#happen(`timer ${name}`, { tag: "timer", val: name });
  }

  /** The caller is gone. Whatever the flow answers is not performed. */
  hangUp(): this {
    this.#happen("hang-up", { tag: "hang-up", val: "caller" });
    this.over = true;
    return this;
  }

  /** Any event, as it is, for what a host ought not to send. */
  raw(event: RawEvent): this {
    return this.#happen("raw event", event);
  }

  /** Time passes before the next event; the bench begins at `MONDAY_TEN_O_CLOCK`. */
  later(byMs: number): this {
    this.host.nowMs += byMs;
    return this;
  }

  /** Everything that happened: events unindented, what the flow did about them indented. */
  get transcript(): string {
    return this.#transcript.map((line) => `${line}\n`).join("");
  }

  /** What the caller heard since this was asked last. */
  heard(): string {
    const heard = this.#heard.join("\n");
    this.#heard = [];
    return heard;
  }

  /** Whether the flow waits for keys. */
  get isCollecting(): boolean {
    return this.#collecting !== null;
  }

  #happen(label: string, event: RawEvent): this {
    if (this.over) {
      return this;
    }
    this.#transcript.push(label);
    this.#ask(event);
    for (let ends = 0; ; ends++) {
      if (ends === ENDS_IN_A_ROW) {
        throw new Error(
          `the flow goes round in circles: it answered ${ends} ends of its own actions with further actions`,
        );
      }
      const action = this.over ? undefined : this.#waiting.shift();
      if (action === undefined) {
        return this;
      }
      const became = this.#perform(action.command);
      if (became === "ends the call") {
        this.over = true;
      } else if (became === "goes on meanwhile") {
        this.#lookups.push(action.id);
      } else if (became === "ends otherwise") {
        // The rest of the list waits for the keys.
        this.#collecting = action.id;
        return this;
      } else {
        this.#ask({ tag: "done", val: [action.id, became.outcome] });
      }
    }
  }

  /** Lets a new version take the call over, if there is one; gives the event that comes next. */
  #migrated(event: RawEvent): RawEvent {
    const flow = this.#reloaded;
    if (flow === null || event.tag === "hang-up") {
      return event;
    }
    this.#reloaded = null;
    const told = (line: string): void => void this.#transcript.push(`  ${line}`);
    const { migration } = flow.exports;
    if (migration === undefined) {
      told("stays on its version");
      return event;
    }
    const from = { label: "earlier@00000000", component: "00".repeat(32), artifact: null, ext: [] };
    try {
      const moved = purely(this.host, this.#steps, () =>
        migration.migrate({
          at: this.host.nowMs,
          interaction: structuredClone(this.interaction),
          from: structuredClone(from),
          state: this.state.slice(),
          ext: [["x-unknown", "1"]],
        }),
      );
      if (moved.tag !== "state" && moved.tag !== "restart") {
        told("stays on its version");
        return event;
      }
      this.#flow = flow;
      this.state = moved.val;
      told(moved.tag === "state" ? "goes on in the new version" : "begins anew in the new version");
      return moved.tag === "state" ? event : { tag: "started" };
    } catch (thrown) {
      if (!(thrown instanceof Fault)) {
        throw thrown;
      }
      told(`stays: fault ${thrown.code}: ${thrown.message}`);
      this.fault = thrown;
      return event;
    }
  }

  #ask(given: RawEvent): void {
    const event = this.#migrated(given);
    const step = this.#steps++;
    let output: StepOutput;
    try {
      output = purely(this.host, step, () =>
        this.#flow.exports.flow.step({
          step,
          at: this.host.nowMs,
          interaction: structuredClone(this.interaction),
          state: this.state.slice(),
          event: structuredClone(event),
          ext: [["x-unknown", "1"]],
        }),
      );
    } catch (thrown) {
      if (!(thrown instanceof Fault)) {
        throw thrown;
      }
      const { code, message } = faultOf(thrown);
      this.#transcript.push(`  fault ${code}: ${message}`);
      this.fault = thrown;
      this.over = true;
      return;
    }
    this.state = output.state;
    this.#transcript.push(...output.trace.map((node) => `  [${node}]`));
    if (event.tag !== "hang-up" && output.actions.length > 0) {
      this.#collecting = null;
      this.#waiting = [...output.actions];
    }
  }

  #perform(command: Command): Performed {
    const told = (line: string): void => void this.#transcript.push(`  ${line}`.trimEnd());
    switch (command.tag) {
      case "answer":
        told("answer");
        break;
      case "reject":
        told(`reject ${command.val}`);
        return "ends the call";
      case "play":
        told(`play ${this.#say(command.val)}`);
        break;
      case "collect": {
        const secret = command.val.sensitive ? " secret" : "";
        told(`collect ${command.val.maxDigits}${secret} ${this.#say(command.val.prompts)}`);
        return "ends otherwise";
      }
      case "set-attributes":
        this.#set(command.val);
        told(`set ${command.val.map(([name, value]) => `${name}=${value}`).join(" ")}`);
        break;
      case "start-timer":
        told(`timer ${command.val.name} in ${command.val.afterMs} ms`);
        break;
      case "cancel-timer":
        told(`cancel timer ${command.val}`);
        break;
      case "enqueue": {
        const { queue, priority, skills, preferred } = command.val;
        const needs = skills === "" ? "" : ` skills ${skills}`;
        const first = preferred === null ? "" : ` preferred ${preferred.agent} ${preferred.waitMs} ms`;
        told(`enqueue ${queue} priority ${priority}${needs}${first}: ${this.enqueueOutcome}`);
        if (this.enqueueOutcome === "queued") {
          this.queued = queue;
        }
        return { outcome: this.enqueueOutcome };
      }
      case "dequeue":
        told("dequeue");
        this.queued = null;
        break;
      case "callback":
        told(`call ${command.val ?? "the caller"} back: ${this.wishOutcome}`);
        return this.wishOutcome === "ok" ? "ends the call" : { outcome: this.wishOutcome };
      case "voicemail": {
        const { prompts, maxMs } = command.val;
        told(`voicemail of ${maxMs} ms ${this.#say(prompts)}: ${this.wishOutcome}`);
        this.queued = null;
        return { outcome: this.wishOutcome };
      }
      case "look-up":
        told(`look up ${sourceOf(command.val.source)} within ${command.val.timeoutMs} ms`);
        return "goes on meanwhile";
      case "transfer": {
        const { tag, val } = command.val;
        told(tag === "flow" ? `go on in ${val}` : `transfer to ext ${val[0]}`);
        return tag === "flow" ? "ends the call" : { outcome: "unsupported" };
      }
      case "hangup":
        told("hang up");
        return "ends the call";
      default:
        told(`ext ${command.val[0]}`);
        return { outcome: "unsupported" };
    }
    return { outcome: "ok" };
  }

  #set(attributes: readonly [string, string][]): void {
    const kept = new Map(this.interaction.attributes);
    for (const [name, value] of attributes) {
      if (value === "") {
        kept.delete(name);
      } else {
        kept.set(name, value);
      }
    }
    this.interaction.attributes = [...kept];
  }

  #say(prompts: readonly Prompt[]): string {
    const said = prompts.map(({ source, language }) => {
      const words = source.tag === "text" ? JSON.stringify(source.val) : `<${source.val}>`;
      return `${language ?? "?"} ${words}`;
    });
    this.#heard.push(said.join(", "));
    return said.join(", ");
  }
}
