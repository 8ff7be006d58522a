// Made from wit/deps/routing; change that, then see sdk/build/tests/typescript_types.

import type { Types as CommonTypes } from "./common.ts";

export namespace Types {
  export type Millis = CommonTypes.Millis;
  export type Json = CommonTypes.Json;
  export type Extension = CommonTypes.Extension;
  export type Interaction = CommonTypes.Interaction;
  export type SkillNeed = CommonTypes.SkillNeed;
  export interface QueueView {
    id: string;
    name: string;
    waiting: number;
    oldestWaitMs: number;
    readyAgents: number;
    /** The service level's threshold. */
    serviceLevelMs: number;
    /** Of someone who joins at the end of the line; none while there is nothing to estimate it from. */
    expectedWaitMs: number | null;
    /** Within its business hours; true where it has none. */
    open: boolean;
    ext: Types.Extension[];
  }
  export interface Skill {
    name: string;
    /** Proficiency from 1 to 10. */
    level: number;
  }
  /** What is known of an agent's past work on a skill or topic; only where something is. */
  export interface Experience {
    /** A skill's name, or a value of the contacts' attribute `topic`. */
    topic: string;
    /** Contacts since sign-in. */
    handled: number;
    /** Since the last of them ended. */
    lastEndedMs: number | null;
    /** Share of them that were resolved, 0 to 1. */
    resolution: number | null;
    /** Mean rating by customers, 0 to 1. */
    rating: number | null;
  }
  export interface AgentView {
    id: string;
    /** Time since the agent last became free. */
    idleMs: number;
    /** Busy share of the time since sign-in, 0 to 1. */
    occupancy: number;
    skills: Types.Skill[];
    experience: Types.Experience[];
    ext: Types.Extension[];
  }
  /** Someone whom a contact could be given. */
  export interface Candidate {
    /** The place in the batch's `agents`. */
    agent: number;
    /**
     * The innermost ring of the queue that the agent belongs to, from 1. The engine's rule: an inner
     * ring comes first.
     */
    ring: number;
  }
  /** What a lookup found: its id and the value; `null` when there is nothing. */
  export type Fact = [string, Types.Json];
  export interface ContactView {
    interaction: Types.Interaction;
    /** The queue's id. */
    queue: string;
    /** True clock time in the queue, even where ranking changed the order. */
    waitedMs: number;
    /** Offers that this visit has had. */
    attempt: number;
    /** The ring that the visit has reached, from 1. */
    ring: number;
    needs: Types.SkillNeed[];
    /** Who are free and qualified, by ring, then longest idle first. */
    candidates: Types.Candidate[];
    /** How many there are in all; more than are shown when a bound cut them off. */
    candidatesTotal: number;
    /**
     * The place in `agents` of the one whom the flow or the customer's history prefers, when they
     * are a candidate.
     */
    preferred: number | null;
    /** What the policy's lookups found; empty without lookups, and while they are not in. */
    facts: Types.Fact[];
    ext: Types.Extension[];
  }
  /**
   * The first contacts in rank order (64 by default), and the agents free for any of them (256 by
   * default); totals are in the queue views.
   */
  export interface Batch {
    at: Types.Millis;
    queues: Types.QueueView[];
    agents: Types.AgentView[];
    contacts: Types.ContactView[];
    ext: Types.Extension[];
  }
  /** A contact's stay in a queue. */
  export interface Visit {
    interaction: Types.Interaction;
    queue: Types.QueueView;
    waitedMs: number;
    /** As in `contact-view`. */
    facts: Types.Fact[];
    ext: Types.Extension[];
  }
  /**
   * A place in the queue: base + slope * waited milliseconds, highest first. Cached by the engine
   * until the contact's attributes or facts change.
   */
  export interface Order {
    base: number;
    slope: number;
    /** Sentences for people; at most 8 of 200 bytes. */
    reasons: string[];
    ext: Types.Extension[];
  }
  export type Decision =
    /** Offer the contact to this agent: one of its candidates, and each agent once in a batch. */
    | { tag: "assign"; val: number }
    /** Move the contact to another queue, by name. */
    | { tag: "overflow"; val: string }
    /**
     * Leave the queue for a flow (a bot, say), by its name in the flows folder: the contact goes on
     * in it from its `started` event.
     */
    | { tag: "flow"; val: string }
    /** Hang up and call the customer back, whose place is kept. */
    | { tag: "callback" }
    /** Leave the queue and take a message. */
    | { tag: "voicemail" }
    /**
     * Deliberately, although someone is free: only with `recheck-after-ms`, and the engine bounds
     * how long in all.
     */
    | { tag: "keep-waiting" }
    /** A later host's decision; this one keeps waiting. */
    | { tag: "ext"; val: Types.Extension };
  /** How one candidate was scored, for "explain this decision". */
  export interface Score {
    /** The place in `agents`. */
    agent: number;
    total: number;
    /** Name and share of each part; they add up to the total. */
    parts: [string, number][];
  }
  /**
   * A mistake in one outcome (an agent who is no candidate, or given twice) is reported and
   * overruled for its contact; the other outcomes hold.
   */
  export interface Outcome {
    /** The place in the batch's `contacts`. */
    contact: number;
    decision: Types.Decision;
    /** Sentences for people, most important first; at most 8 of 200 bytes. */
    reasons: string[];
    scores: Types.Score[];
    /** Ask again after this long, although nothing changed. */
    recheckAfterMs: number | null;
    ext: Types.Extension[];
  }
  export type Source =
    /**
     * What the host's own records know of this customer: `{"contacts_90_days": 3,
     * "last_ended_at": 1767607200000, "last_queue": "support", "last_agent": "ag_...",
     * "last_disposition": "sale", "open_tasks": 0}`; instants in milliseconds since 1970-01-01 UTC,
     * `null` for what is not known.
     */
    | { tag: "customer-history" }
    /** The value of a key of a table: `tables/NAME.json` in the tenant's flows folder, a JSON object. */
    | { tag: "table"; val: [string, string] }
    /** A later host's source; this one finds `null`. */
    | { tag: "ext"; val: Types.Extension };
  export interface Lookup {
    /** Chosen by the policy; the fact comes with it. */
    id: string;
    source: Types.Source;
    ext: Types.Extension[];
  }
}

export namespace Policy {
  export type Fault = CommonTypes.Fault;
  export type Visit = Types.Visit;
  export type Order = Types.Order;
  export type Batch = Types.Batch;
  export type Outcome = Types.Outcome;
  export interface Functions {
    /** Asked on arrival in a queue, and when the contact's attributes or facts change. */
    rank(contact: Policy.Visit): Policy.Order;
    /**
     * Asked when a free agent and a waiting contact could meet. Contacts without an outcome keep
     * waiting.
     */
    decide(input: Policy.Batch): Policy.Outcome[];
  }
}

export namespace Lookups {
  export type Fault = CommonTypes.Fault;
  export type Visit = Types.Visit;
  export type Lookup = Types.Lookup;
  export interface Functions {
    /**
     * What to look up before the contact is ranked: asked once on arrival in a queue; at most 8. The
     * contact is ranked with the facts, or without them after 300 ms; facts that come later rank it
     * again.
     */
    plan(contact: Lookups.Visit): Lookups.Lookup[];
  }
}
