/**
 * Worlds `routing-policy` and `routing-policy-with-lookups`: who gets whom. The policy proposes; the
 * queue engine checks every answer against the same moment's truth.
 */
import { Batch } from "./batch.ts";
import type { Plugin } from "./plugin.ts";
import type { Types as Common } from "./wit/common.ts";
import type { Lookups, Policy, Types } from "./wit/routing.ts";

export { type Agent, Batch, type Experienced } from "./batch.ts";
export type Interaction = Common.Interaction;
export type Visit = Types.Visit;
export type ContactView = Types.ContactView;
export type QueueView = Types.QueueView;
export type Need = Types.Need;
export type Decision = Types.Decision;
export type Fact = Types.Fact;
export type Lookup = Types.Lookup;

/** A place in the queue: `base + slope * waited milliseconds`, highest first. */
export interface Order {
  base: number;
  slope: number;
  /** Sentences for people; at most 8 of 200 bytes. */
  reasons?: string[];
}

/** What is decided for one contact. */
export interface Outcome {
  /** The place in the batch's `contacts`. */
  contact: number;
  decision: Decision;
  /** Sentences for people, most important first; at most 8 of 200 bytes. */
  reasons?: string[];
  scores?: Types.Score[];
  /** Ask again after this long, although nothing changed. */
  recheckAfterMs?: number;
}

export interface PolicyDefinition {
  /** Asked on arrival in a queue, and when the contact's attributes or facts change. */
  rank(contact: Visit): Order;
  /** Who gets whom, for the first contacts in that order. Contacts without an outcome wait on. */
  decide(batch: Batch): Outcome[];
  /** What to look up before a contact is ranked, at most 8; the facts stand in `Visit.facts`. */
  plan?(contact: Visit): Lookup[];
}

export type PolicyPlugin = Plugin<{ policy: Policy.Functions; lookups?: Lookups.Functions }>;

export function definePolicy(policy: PolicyDefinition): PolicyPlugin {
  const exported: Policy.Functions = {
    rank(contact) {
      const { base, slope, reasons = [] } = policy.rank(contact);
      return { base, slope, reasons, ext: [] };
    },
    decide: (input) =>
      policy.decide(new Batch(input)).map((outcome) => ({
        contact: outcome.contact,
        decision: outcome.decision,
        reasons: outcome.reasons ?? [],
        scores: outcome.scores ?? [],
        recheckAfterMs: outcome.recheckAfterMs ?? null,
        ext: [],
      })),
  };
  const plan = policy.plan?.bind(policy);
  if (plan === undefined) {
    return { world: "routing-policy", exports: { policy: exported } };
  }
  return {
    world: "routing-policy-with-lookups",
    exports: { policy: exported, lookups: { plan } },
  };
}

/** Offers the contact to the agent at this place of the batch. */
export function assign(agent: number): Decision {
  return { tag: "assign", val: agent };
}

/** Leaves the contact in its queue although someone may be free. */
export function keepWaiting(): Decision {
  return { tag: "keep-waiting" };
}

/** Moves the contact to another queue, by name. */
export function overflow(queue: string): Decision {
  return { tag: "overflow", val: queue };
}

/** What the host's own records know of the customer; see `customer-history` in `wit/deps/routing`. */
export function customerHistory(id: string): Lookup {
  return { id, source: { tag: "customer-history" }, ext: [] };
}

/** The value of `key` in the tenant's `tables/TABLE.json`. */
export function table(id: string, name: string, key: string): Lookup {
  return { id, source: { tag: "table", val: [name, key] }, ext: [] };
}

/** What the lookup of this id found; `null` when nothing, or when it is not in. */
export function fact<T>(facts: readonly Fact[], id: string): T | null {
  const found = facts.find(([name]) => name === id)?.[1];
  return found === undefined ? null : (JSON.parse(found) as T | null);
}
