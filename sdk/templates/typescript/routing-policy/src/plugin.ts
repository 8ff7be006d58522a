/**
 * Who gets whom: who has waited longest gets the most proficient agent who is free.
 *
 * The host asks `rank` when a contact arrives, and `decide` when there are waiting contacts and free
 * agents. The policy proposes; the host checks every answer.
 */
import { assign, type AgentView, definePolicy, keepWaiting, type SkillNeed } from "@hotline/sdk/routing";

/** A minute of waiting is worth one point of priority. */
const POINTS_PER_MS = 1 / 60_000;

export default definePolicy({
  /** The place in the queue: base + slope * waited milliseconds, highest first. */
  rank: ({ interaction }) => ({ base: interaction.priority, slope: POINTS_PER_MS }),

  /**
   * Contacts come in rank order. An agent is named by their place in `batch.agents`, and only a
   * contact's candidates may be given to it.
   */
  decide(batch) {
    const taken = new Set<number>();
    return batch.contacts.map(({ candidates, needs }, contact) => {
      let best: { agent: number; level: number } | null = null;
      // Candidates come longest idle first: of equals the first wins.
      for (const { agent } of candidates) {
        const level = proficiency(batch.agents[agent], needs);
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
function proficiency(agent: AgentView | undefined, needs: SkillNeed[]): number {
  const levels = needs.map(({ name }) => agent?.skills.find((skill) => skill.name === name)?.level);
  return levels.reduce<number>((sum, level) => sum + (level ?? 0), 0);
}
