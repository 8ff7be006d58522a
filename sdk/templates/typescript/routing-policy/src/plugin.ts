/**
 * Who gets whom: who has waited longest gets the most proficient agent who is free.
 *
 * The host asks `rank` when a contact arrives, and `decide` when there are waiting contacts and free
 * agents. The policy proposes; the host checks every answer.
 */
import { assign, definePolicy, keepWaiting } from "@hotline/sdk/routing";

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
      // Of equals who is idle longest. A loop over `batch.candidates(waiting)` could decide by anything
      // else, at some thousand units of fuel for each of them.
      const best = batch.mostProficient(waiting, taken);
      if (best === null) {
        const reasons = ["Nobody is free whom no contact further ahead gets."];
        return { contact, decision: keepWaiting(), reasons };
      }
      taken.add(best);
      const reasons = ["The most proficient of those who are free."];
      return { contact, decision: assign(best), reasons };
    });
  },
});
