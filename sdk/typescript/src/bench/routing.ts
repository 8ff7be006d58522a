/** Batches for a routing policy, and what it made of them. */
import type { AgentView, Batch, ContactView, PolicyPlugin, QueueView, Visit } from "../routing.ts";
import { caller } from "./flow.ts";
import { FakeHost, MONDAY_TEN_O_CLOCK, purely } from "./host.ts";

/** A free agent with these skills and levels. */
export function agent(id: string, idleS: number, skills: Record<string, number> = {}): AgentView {
  const known = Object.entries(skills).map(([name, level]) => ({ name, level }));
  return { id, idleMs: idleS * 1000, occupancy: 0, skills: known, experience: [], ext: [] };
}

/**
 * A contact that has waited for 10 s in `support` for these skills, and could be given to the agents at
 * these places of the batch, all of ring 1.
 */
export function waiting(id: string, needs: string[], candidates: number[]): ContactView {
  return {
    interaction: { ...caller(), id },
    queue: "support",
    waitedMs: 10_000,
    attempt: 0,
    ring: 1,
    needs: needs.map((name) => ({ name, atLeast: 1 })),
    candidates: candidates.map((place) => ({ agent: place, ring: 1 })),
    candidatesTotal: candidates.length,
    preferred: null,
    facts: [],
    ext: [],
  };
}

/** A queue in which nothing has happened yet. */
export function queueView(name: string): QueueView {
  return {
    id: name,
    name,
    waiting: 1,
    oldestWaitMs: 0,
    readyAgents: 0,
    serviceLevelMs: 20_000,
    expectedWaitMs: null,
    open: true,
    ext: [],
  };
}

/** `caller()`, just come to `support`. */
export function visit(changed: Partial<Visit> = {}): Visit {
  return {
    interaction: caller(),
    queue: queueView("support"),
    waitedMs: 0,
    facts: [],
    ext: [],
    ...changed,
  };
}

export function batch(agents: AgentView[], contacts: ContactView[]): Batch {
  const queues = [queueView("support")];
  return { at: MONDAY_TEN_O_CLOCK, queues, agents, contacts, ext: [] };
}

/**
 * What the policy makes of the batch, in its order: `CONTACT>AGENT`, `CONTACT>-` for one who waits on,
 * `CONTACT>queue NAME` and the like. Throws when two runs differ.
 */
export function whoGetsWhom(policy: PolicyPlugin, given: Batch, host = new FakeHost()): string {
  const outcomes = purely(host, 0, () => policy.exports.policy.decide(structuredClone(given)));
  const told = outcomes.map(({ contact, decision }) => {
    const who = given.contacts[contact]?.interaction.id;
    switch (decision.tag) {
      case "assign":
        return `${who}>${given.agents[decision.val]?.id}`;
      case "overflow":
        return `${who}>queue ${decision.val}`;
      case "flow":
        return `${who}>flow ${decision.val}`;
      case "callback":
      case "voicemail":
        return `${who}>${decision.tag}`;
      default:
        return `${who}>-`;
    }
  });
  return told.join(" ");
}
