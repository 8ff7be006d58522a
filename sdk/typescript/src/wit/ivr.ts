// Made from wit/deps/ivr; change that, then see sdk/build/tests/typescript_types.

import type { Types as CommonTypes } from "./common.ts";

export namespace Flow {
  export type Json = CommonTypes.Json;
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
    | { tag: "audio"; val: string }
    /** A later host's; what says it ends by `failed`, here. */
    | { tag: "ext"; val: Flow.Extension };
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
     * recording pauses. A connector that is given the token (in a `connector-operation`) spends it,
     * once, where its manifest places it; the host forgets the keys when the contact ends.
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
    ext: Flow.Extension[];
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
    ext: Flow.Extension[];
  }
  export interface Timer {
    /** Unique among the flow's running timers; starting it again moves it. */
    name: string;
    afterMs: number;
    ext: Flow.Extension[];
  }
  /** Asks another system something by a connector that is live. */
  export interface ConnectorOperation {
    /** The connector's name in the tenant's plugins. */
    connector: string;
    /**
     * `find-contact`, `upsert-contact`, `log-activity`, `open-case` and `picklist` are the
     * connector's operations of that name; any other name reaches it as its `ext` operation.
     */
    operation: string;
    /**
     * What the operation is given, at most 4 KiB: an object with the fields of its record
     * (`{"phone": "+8613800138000"}`), for `picklist` the field's name. The token of a sensitive
     * collect stands in it like any text.
     */
    argument: Flow.Json;
    ext: Flow.Extension[];
  }
  export type LookupSource =
    /**
     * What the host's own records know of this customer, as for routing policies:
     * `{"contacts_90_days": 3, "last_ended_at": 1767607200000, "last_queue": "support",
     * "last_agent": "ag_...", "last_disposition": "sale", "open_tasks": 0}`.
     */
    | { tag: "customer-history" }
    /** The value of a key of a table: `tables/NAME.json` in the tenant's flows folder. */
    | { tag: "table"; val: [string, string] }
    | { tag: "connector"; val: Flow.ConnectorOperation }
    /** A later host's source; this one answers `failed`. */
    | { tag: "ext"; val: Flow.Extension };
  /** Something to find out. It ends by `looked-up`. */
  export interface Lookup {
    source: Flow.LookupSource;
    /** How long the answer is waited for, from 1 ms to 30 seconds. What comes later is dropped. */
    timeoutMs: number;
    ext: Flow.Extension[];
  }
  /** Who goes on with the contact instead of this flow. */
  export type Destination =
    /**
     * Another flow of the tenant, by its name: from its `started` event, with the contact's
     * attributes, and in no queue.
     */
    | { tag: "flow"; val: string }
    /** A later host's destination; this one answers `unsupported`. */
    | { tag: "ext"; val: Flow.Extension };
  /**
   * Performed in order, one after the other. Each ends by `done` with its id and an outcome, but
   * `collect`, which ends by `input`, and `look-up`, which ends by `looked-up`.
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
    /**
     * Begins to look something up; the next action does not wait for it, so that a caller can hear
     * something meanwhile. At most 4 are open at once, the next one is answered `failed`. Another
     * list of actions does not stop it, the contact's end does.
     */
    | { tag: "look-up"; val: Flow.Lookup }
    /** Ends this flow; outcome, where it goes on: `refused` (sent on without end), `unsupported`. */
    | { tag: "transfer"; val: Flow.Destination }
    /** Ends the call. Ends the flow. */
    | { tag: "hangup" }
    /** A later host's command; this one answers `unsupported`. */
    | { tag: "ext"; val: Flow.Extension };
  export interface Action {
    id: Flow.ActionId;
    command: Flow.Command;
    ext: Flow.Extension[];
  }
  export type InputOutcome =
    /** `max-digits` keys, or a terminator. */
    | { tag: "complete" }
    /** Some keys, then the time-out between keys. */
    | { tag: "partial" }
    /** No key at all. */
    | { tag: "no-input" }
    /** A later host's; take it for `no-input`. */
    | { tag: "ext"; val: Flow.Extension };
  export interface InputResult {
    action: Flow.ActionId;
    /** Empty when the collect was sensitive; `token` stands for them then. */
    digits: string;
    token: string | null;
    length: number;
    outcome: Flow.InputOutcome;
    ext: Flow.Extension[];
  }
  export type LookupOutcome =
    | { tag: "found" }
    /** There is no such thing: no such key, nobody who fits. */
    | { tag: "nothing" }
    | { tag: "timed-out" }
    /** The timeline says why. */
    | { tag: "failed" }
    /** A later host's; take it for `failed`. */
    | { tag: "ext"; val: Flow.Extension };
  export interface LookupResult {
    action: Flow.ActionId;
    outcome: Flow.LookupOutcome;
    /**
     * What was found, at most 8 KiB; `null` unless something was. A table's value and what an `ext`
     * operation answers are as they are; contacts are a list of objects with the contract's names
     * and with `fields` as an object, something stored is `{"id", "created", "url"}`, choices are a
     * list of `{"value", "label"}`.
     */
    value: Flow.Json;
    ext: Flow.Extension[];
  }
  export interface QueueProgress {
    /** The queue's name. */
    queue: string;
    /** From 1. */
    position: number;
    /** None while there is nothing to estimate it from. */
    expectedWaitMs: Flow.Millis | null;
    waitedMs: Flow.Millis;
    ext: Flow.Extension[];
  }
  export type Event =
    | { tag: "started" }
    /** An action ended: its id and outcome. */
    | { tag: "done"; val: [Flow.ActionId, string] }
    | { tag: "input"; val: Flow.InputResult }
    | { tag: "looked-up"; val: Flow.LookupResult }
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
    ext: Flow.Extension[];
  }
  export interface Functions {
    step(input: Flow.StepInput): Flow.StepOutput;
    /** A static picture for the console; empty when the author has none. */
    describe(): Flow.Node[];
  }
}

/**
 * How contacts go on that another version of the flow has begun with. Without it, or where it says
 * so, a contact ends on the version that it began with.
 */
export namespace Migration {
  export type Millis = CommonTypes.Millis;
  export type Extension = CommonTypes.Extension;
  export type Fault = CommonTypes.Fault;
  export type Interaction = CommonTypes.Interaction;
  /** A version of a flow. */
  export interface Version {
    /** `name@digest`, as people are shown it. */
    label: string;
    /** The component's digest: BLAKE3, in hexadecimal digits. */
    component: string;
    /** Of a script: the digest of what was compiled. */
    artifact: string | null;
    ext: Migration.Extension[];
  }
  export interface MigrateInput {
    at: Migration.Millis;
    interaction: Migration.Interaction;
    /** What the contact is on. */
    from: Migration.Version;
    /** What that version returned at its last step. */
    state: Uint8Array;
    ext: Migration.Extension[];
  }
  export type Migrated =
    /** It ends on the version that it is on. */
    | { tag: "stay" }
    /**
     * It goes on in this version: the event that has come is told with this state, of at most 16 KiB.
     * What was going on goes on.
     */
    | { tag: "state"; val: Uint8Array }
    /**
     * It begins anew in this version: `started` is told in place of the event, with this state. The
     * call may be answered already, and the contact in a queue.
     */
    | { tag: "restart"; val: Uint8Array }
    /** A later host's; this one takes it for `stay`. */
    | { tag: "ext"; val: Migration.Extension };
  export interface Functions {
    /**
     * Asked when this version is in service and a contact on another one has an event that is not a
     * hang-up; once for each contact. A fault is told, and the contact stays.
     */
    migrate(input: Migration.MigrateInput): Migration.Migrated;
  }
}
