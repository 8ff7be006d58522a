// Made from wit/deps/ivr; change that, then see sdk/build/tests/typescript_types.

import type { Types as CommonTypes } from "./common.ts";

export namespace Flow {
  export type Millis = CommonTypes.Millis;
  export type Attr = CommonTypes.Attr;
  export type Extension = CommonTypes.Extension;
  export type Fault = CommonTypes.Fault;
  export type Interaction = CommonTypes.Interaction;
  /** Chosen by the flow; the end of its action is reported with it. */
  export type ActionId = number;
  /** Something to say. */
  export type PromptSource =
    /** Spoken by the host's speech engine. */
    | { tag: "text"; val: string }
    /** A file below the tenant's `prompts` folder. */
    | { tag: "audio"; val: string };
  export interface Prompt {
    source: Flow.PromptSource;
    /** BCP 47 tag that picks the voice; the contact's language when absent. */
    language: string | null;
    ext: Flow.Extension[];
  }
  /** A request for keys. It ends by `input`. */
  export interface Collect {
    prompts: Flow.Prompt[];
    /** Whether a key stops the prompts. */
    bargeIn: boolean;
    /** From 1 to 64. */
    maxDigits: number;
    /** Keys that end the input and are not part of it, e.g. `#`. */
    terminators: string;
    /** How long to wait for the first key, counted from the end of the prompts. */
    firstTimeoutMs: number;
    /** How long to wait for each further key. */
    interTimeoutMs: number;
    /**
     * Keys stay with the host: the flow gets a token and a length, records get the length, and the
     * recording pauses.
     */
    sensitive: boolean;
    ext: Flow.Extension[];
  }
  /**
   * An agent whom the contact waits for alone, while they are signed in, not paused and serve the
   * queue; after that anyone who qualifies will do.
   */
  export interface Preferred {
    /** The agent's id. */
    agent: string;
    /** Counted from the beginning of the visit; at most one hour. */
    waitMs: number;
  }
  /**
   * Puts the contact into a queue. The contact hears the queue's music whenever the flow plays
   * nothing; the flow is told its progress, and goes on treating it until an agent has accepted.
   */
  export interface Enqueue {
    /** The queue's name. */
    queue: string;
    priority: number;
    /**
     * What an agent needs besides what the queue itself requires:
     * `english >= 4 and (cards >= 2 or loans) and not trainee`; empty for nothing. At most 1 KiB.
     */
    skills: string;
    /** Someone to wait for first. */
    preferred: Flow.Preferred | null;
    ext: Flow.Extension[];
  }
  /** A message to take. */
  export interface Voicemail {
    /** Said before the tone. */
    prompts: Flow.Prompt[];
    /** The longest message, from 1 second to 10 minutes. */
    maxMs: number;
  }
  export interface Timer {
    /** Unique among the flow's running timers; starting it again moves it. */
    name: string;
    afterMs: number;
  }
  /**
   * Performed in order, one after the other. Each ends by `done` with its id and an outcome, but
   * `collect`, which ends by `input`.
   */
  export type Command =
    /** Answers the call. Outcomes: `ok`. */
    | { tag: "answer" }
    /** Refuses the call before it is answered, with this SIP status (400 to 699). Ends the flow. */
    | { tag: "reject"; val: number }
    /** Outcomes: `ok`, `interrupted`, `failed`. */
    | { tag: "play"; val: Flow.Prompt[] }
    | { tag: "collect"; val: Flow.Collect }
    /** Adds or replaces attributes of the contact; an empty value removes one. Outcome: `ok`. */
    | { tag: "set-attributes"; val: Flow.Attr[] }
    /** Outcome: `ok`, at once; `timer` comes when it is due. */
    | { tag: "start-timer"; val: Flow.Timer }
    | { tag: "cancel-timer"; val: string }
    /**
     * Outcomes: `queued` at once, in this queue or in the one that its rules name instead, or
     * `unknown-queue`; or, where the queue's rules leave it to the flow: `queue-full`,
     * `queue-closed` (outside its business hours), `queue-empty` (nobody there to wait for). What
     * follows is told by `progress` and `agent`.
     */
    | { tag: "enqueue"; val: Flow.Enqueue }
    /** Takes the contact out of its queue. Outcomes: `ok`, `not-queued`, `too-late`. */
    | { tag: "dequeue" }
    /**
     * Hangs up and calls the customer back when an agent has accepted; a contact that is queued
     * keeps its place. The number is the caller's own when absent. Outcomes: `ok` (the call ends),
     * `refused` (nobody is called back: the contact is in no queue, its queue offers none, or there
     * is no number to call).
     */
    | { tag: "callback"; val: string | null }
    /**
     * Says its prompts, then a tone, and records until the caller hangs up, presses `#`, or the time
     * is up. A queued contact leaves its queue first. Outcomes: `ok`, `empty` (nothing was said),
     * `failed`.
     */
    | { tag: "voicemail"; val: Flow.Voicemail }
    /** Ends the call. Ends the flow. */
    | { tag: "hangup" }
    /** A later host's command; this one answers `unsupported`. */
    | { tag: "ext"; val: Flow.Extension };
  export interface Action {
    id: Flow.ActionId;
    command: Flow.Command;
  }
  export type InputOutcome =
    /** `max-digits` keys, or a terminator. */
    | "complete"
    /** Some keys, then the time-out between keys. */
    | "partial"
    /** No key at all. */
    | "no-input";
  export interface InputResult {
    action: Flow.ActionId;
    /** Empty when the collect was sensitive; `token` stands for them then. */
    digits: string;
    token: string | null;
    length: number;
    outcome: Flow.InputOutcome;
  }
  export interface QueueProgress {
    /** The queue's name. */
    queue: string;
    /** From 1. */
    position: number;
    /** None while there is nothing to estimate it from. */
    expectedWaitMs: Flow.Millis | null;
    waitedMs: Flow.Millis;
  }
  export type Event =
    | { tag: "started" }
    /** An action ended: its id and outcome. */
    | { tag: "done"; val: [Flow.ActionId, string] }
    | { tag: "input"; val: Flow.InputResult }
    /** A timer is due: its name. */
    | { tag: "timer"; val: string }
    | { tag: "progress"; val: Flow.QueueProgress }
    /**
     * What became of the contact in its queue: `connected` (the flow is over, as far as the
     * caller hears it); or, no longer queued, so that the flow decides what next: `overflowed` (the
     * queue is gone), `timed-out` (the queue's longest wait is over), `queue-empty` (nobody is left
     * to wait for), or what another queue said to which the rules sent the contact then
     * (`queue-full`, `queue-closed`).
     */
    | { tag: "agent"; val: string }
    /** The customer is gone. Actions returned now are not performed. */
    | { tag: "hang-up"; val: string }
    | { tag: "ext"; val: Flow.Extension };
  export interface StepInput {
    /** From 0. */
    step: number;
    at: Flow.Millis;
    interaction: Flow.Interaction;
    /** What the last step returned; empty at the first. */
    state: Uint8Array;
    event: Flow.Event;
    ext: Flow.Extension[];
  }
  export interface StepOutput {
    /** At most 16 KiB. */
    state: Uint8Array;
    /**
     * At most 32. An empty list means "carry on"; another replaces whatever has not started yet
     * and stops a running play or collect.
     */
    actions: Flow.Action[];
    /** The nodes passed, in order, for the timeline; at most 32 of 200 bytes. */
    trace: string[];
    ext: Flow.Extension[];
  }
  /** One node of the flow's picture. */
  export interface Node {
    id: string;
    title: string;
    /** `menu`, `say`, `queue`, ... chooses the symbol. */
    kind: string;
    /** Label and target of each way on. */
    next: [string, string][];
  }
  export interface Functions {
    step(input: Flow.StepInput): Flow.StepOutput;
    /** A static picture for the console; empty when the author has none. */
    describe(): Flow.Node[];
  }
}
