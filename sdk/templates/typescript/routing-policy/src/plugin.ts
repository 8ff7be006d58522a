/**
 * Who gets whom: who has waited longest gets the most proficient agent who is free.
 *
 * The host asks `rank` when a contact arrives, and `decide` when there are waiting contacts and free
 * agents. The policy proposes; the host checks every answer.
 */
import { type Agent, assign, definePolicy, keepWaiting, type Need } from "@hotline/sdk/routing";

/** A minute of waiting is worth one point of priority. */
const POINTS_PER_MS = 1 / 60_000;

export default definePolicy({
  /** The place in the queue: base + slope * waited milliseconds, highest first. */
  rank: ({ interaction }) => ({ base: interaction.priority, slope: POINTS_PER_MS }),

  /**
   * Contacts come in rank order. Agents are named by their places in the batch, and only a contact's
   * candidates may be given to it.
   */
  decide(batch) {
    const taken = new Set<number>();
    return batch.contacts.map((waiting, contact) => {
      let best: { agent: number; level: number } | null = null;
      // Candidates come longest idle first: of equals the first wins.
      for (const agent of batch.candidates(waiting)) {
        const level = proficiency(batch.agent(agent), waiting.needs);
        if (!taken.has(agent) && (best === null || level > best.level)) {
          best = { agent, level };
        }
      }
      if (best === null) {
        const reasons = ["Nobody is free whom no contact further ahead gets."];
        return { contact, decision: keepWaiting(), reasons };
      }
      taken.add(best.agent);
      const reasons = ["The most proficient of those who are free."];
      return { contact, decision: assign(best.agent), reasons };
    });
  },
});

/** The sum of the agent's levels over what the contact needs. */
function proficiency(agent: Agent, needs: Need[]): number {
  return needs.reduce((sum, { skill }) => sum + agent.level(skill), 0);
}
