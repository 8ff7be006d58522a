// Made from wit/deps/routing; change that, then see sdk/build/tests/typescript_types.

import type { Types as CommonTypes } from "./common.ts";

export namespace Types {
  export type Millis = CommonTypes.Millis;
  export type Json = CommonTypes.Json;
  export type Extension = CommonTypes.Extension;
  export type Interaction = CommonTypes.Interaction;
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
  /**
   * What is known of the agents' past work on what the batch's contacts are about. For each agent,
   * every column has as many numbers as there are topics.
   */
  export interface Experience {
    /** Names of skills, and values of the contacts' attribute `topic`. */
    topics: string[];
    /** Contacts since sign-in; 4 bytes each. Of those who had none, the other columns say nothing. */
    handled: Uint8Array;
    /** Since the last of them ended, in milliseconds; 4 bytes each. */
    lastEndedMs: Uint8Array;
    /** Share of them that were resolved, in percent; 255 where nobody knows. */
    resolution: Uint8Array;
    /** Mean rating by customers, from 0 to 100; 255 where nobody knows. */
    rating: Uint8Array;
    ext: Types.Extension[];
  }
  /**
   * The agents free for any of the batch's contacts (256 by default), in columns: least loaded first,
   * then longest idle.
   */
  export interface Agents {
    /** Opaque, as in facts; one after the other with a line feed between them. */
    ids: string;
    /** Time since the agent last became free, in milliseconds; 4 bytes each. */
    idleMs: Uint8Array;
    /** Busy share of the time since sign-in, in percent. */
    occupancy: Uint8Array;
    /**
     * Proficiency from 1 to 10, 0 of who lacks the skill: for each agent as many bytes as the batch
     * has skills.
     */
    levels: Uint8Array;
    /** None where nothing is known of anybody. */
    experience: Types.Experience | null;
    ext: Types.Extension[];
  }
  /** A skill at a least level. */
  export interface Need {
    /** The place in the batch's `skills`. */
    skill: number;
    /** From 1 to 10. */
    atLeast: number;
  }
  /** What a lookup found: its id and the value; `null` when there is nothing. */
  export type Fact = [string, Types.Json];
  export interface ContactView {
    interaction: Types.Interaction;
    /** The place in the batch's `queues`. */
    queue: number;
    /** True clock time in the queue, even where ranking changed the order. */
    waitedMs: number;
    /** Offers that this visit has had. */
    attempt: number;
    /** The ring that the visit has reached, from 1. */
    ring: number;
    needs: Types.Need[];
    /**
     * Who are free and qualified: for each of the batch's agents the innermost ring of the queue that
     * they belong to, from 1 to the visit's; 0 for who is no candidate. The engine's rule: an inner
     * ring comes first, and of one ring, who comes first among the agents.
     */
    rings: Uint8Array;
    /** How many candidates there are in all; more than are shown when a bound cut them off. */
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
  export interface Batch {
    at: Types.Millis;
    queues: Types.QueueView[];
    /** Names of what the agents are able to and the contacts need. */
    skills: string[];
    agents: Types.Agents;
    /** The first in rank order (64 by default); totals are in the queue views. */
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
  /**
   * How one candidate was scored, for "explain this decision". What it will once say more stands in the
   * outcome's `ext`.
   */
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
