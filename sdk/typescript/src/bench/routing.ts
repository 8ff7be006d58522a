/** Batches for a routing policy, and what it made of them. */
import type { Fact, Interaction, PolicyPlugin, QueueView, Visit } from "../routing.ts";
import type { Types } from "../wit/routing.ts";
import { caller } from "./flow.ts";
import { FakeHost, MONDAY_TEN_O_CLOCK, purely } from "./host.ts";

/** A free agent, before `batch` puts them into its columns. */
export interface FreeAgent {
  id: string;
  idleMs: number;
  /** Busy share of the time since sign-in, 0 to 1. */
  occupancy: number;
  skills: Record<string, number>;
}

/** A waiting contact, before `batch` gives names their places. */
export interface Waiting {
  interaction: Interaction;
  waitedMs: number;
  attempt: number;
  ring: number;
  /** Skills at the least level of 1. */
  needs: string[];
  /** Places in the batch's agents, and the ring of each. */
  candidates: { agent: number; ring: number }[];
  preferred: number | null;
  facts: Fact[];
}

/** A free agent with these skills and levels. */
export function agent(id: string, idleS: number, skills: Record<string, number> = {}): FreeAgent {
  return { id, idleMs: idleS * 1000, occupancy: 0, skills };
}

/**
 * A contact that has waited for 10 s in `support` for these skills, and could be given to the agents at
 * these places of the batch, all of ring 1.
 */
export function waiting(id: string, needs: string[], candidates: number[]): Waiting {
  return {
    interaction: { ...caller(), id },
    waitedMs: 10_000,
    attempt: 0,
    ring: 1,
    needs,
    candidates: candidates.map((place) => ({ agent: place, ring: 1 })),
    preferred: null,
    facts: [],
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

/** A batch of the queue `support`. The host would list the agents longest idle first. */
export function batch(agents: FreeAgent[], contacts: Waiting[]): Types.Batch {
  const needed = contacts.flatMap(({ needs }) => needs);
  const skills = [...new Set([...needed, ...agents.flatMap((one) => Object.keys(one.skills))])];
  const levels = agents.flatMap((one) => skills.map((skill) => one.skills[skill] ?? 0));
  const idle = new Uint8Array(agents.length * 4);
  const view = new DataView(idle.buffer);
  agents.forEach(({ idleMs }, place) => view.setUint32(place * 4, idleMs, true));
  return {
    at: MONDAY_TEN_O_CLOCK,
    queues: [queueView("support")],
    skills,
    agents: {
      ids: agents.map(({ id }) => id).join("\n"),
      idleMs: idle,
      occupancy: Uint8Array.from(agents, ({ occupancy }) => Math.round(occupancy * 100)),
      levels: Uint8Array.from(levels),
      experience: null,
      ext: [],
    },
    contacts: contacts.map(({ candidates, needs, ...contact }) => {
      const rings = new Uint8Array(agents.length);
      for (const { agent, ring } of candidates) {
        rings[agent] = ring;
      }
      return {
        ...contact,
        ring: Math.max(contact.ring, ...rings),
        queue: 0,
        needs: needs.map((name) => ({ skill: skills.indexOf(name), atLeast: 1 })),
        rings,
        candidatesTotal: candidates.length,
        ext: [],
      };
    }),
    ext: [],
  };
}

/**
 * What the policy makes of the batch, in its order: `CONTACT>AGENT`, `CONTACT>-` for one who waits on,
 * `CONTACT>queue NAME` and the like. Throws when two runs differ.
 */
export function whoGetsWhom(policy: PolicyPlugin, given: Types.Batch, host = new FakeHost()): string {
  const ids = given.agents.ids.split("\n");
  const outcomes = purely(host, 0, () => policy.exports.policy.decide(structuredClone(given)));
  const told = outcomes.map(({ contact, decision }) => {
    const who = given.contacts[contact]?.interaction.id;
    switch (decision.tag) {
      case "assign":
        return `${who}>${ids[decision.val]}`;
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
