/**
 * Who gets whom, with what the host's records know of the customer: who called lately comes first, and
 * gets the agent of last time if that one is free.
 *
 * `plan` says what to fetch; the host fetches it, and both `rank` and `decide` find it among the facts.
 * A lookup may be late: then its fact is missing.
 */
import {
  assign,
  type Batch,
  type ContactView,
  customerHistory,
  definePolicy,
  fact,
  keepWaiting,
  type Outcome,
} from "@hotline/sdk/routing";

const HISTORY = "history";
const MOST_POINTS = 5;
/** A minute of waiting is worth one point of priority. */
const POINTS_PER_MS = 1 / 60_000;

/** What the host's records know; see `customer-history` in `.hotline/wit/deps/routing`. */
interface History {
  contacts_90_days: number;
  last_agent: string | null;
}

export default definePolicy({
  plan: () => [customerHistory(HISTORY)],

  rank({ interaction, facts }) {
    const contacts = fact<History>(facts, HISTORY)?.contacts_90_days ?? 0;
    const points = Math.min(contacts, MOST_POINTS);
    const reasons = [`${contacts} contacts in the last 90 days: +${points} points.`];
    return { base: interaction.priority + points, slope: POINTS_PER_MS, reasons };
  },

  decide(batch) {
    const taken = new Set<number>();
    return batch.contacts.map((contact, place) => give(place, contact, batch, taken));
  },
});

/** The agent of last time if free, else the first of the candidates, which is the longest idle. */
function give(place: number, contact: ContactView, batch: Batch, taken: Set<number>): Outcome {
  const last = fact<History>(contact.facts, HISTORY)?.last_agent ?? null;
  const known = last === null ? -1 : batch.placeOf(last);
  const before = batch.couldGoTo(contact, known) && !taken.has(known) ? known : undefined;
  const agent = before ?? longestIdle(contact, batch, taken);
  if (agent === undefined) {
    const reasons = ["Nobody is free whom no contact further ahead gets."];
    return { contact: place, decision: keepWaiting(), reasons };
  }
  taken.add(agent);
  const reason =
    before === undefined ? "Idle longest of those who are free." : "They spoke with this agent last.";
  return { contact: place, decision: assign(agent), reasons: [reason] };
}

/** The first of the candidates whom no contact further ahead gets. */
function longestIdle(contact: ContactView, batch: Batch, taken: Set<number>): number | undefined {
  for (const agent of batch.candidates(contact)) {
    if (!taken.has(agent)) {
      return agent;
    }
  }
  return undefined;
}
