/**
 * A routing policy with lookups: who called before comes first, and gets the agent whom they spoke with
 * last, if that one is free; anyone else gets whoever has been idle longest.
 */
import { config } from "@hotline/sdk/host";
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

/** What the host's records know; see `customer-history` in `wit/deps/routing`. */
interface History {
  contacts_90_days: number;
  last_agent: string | null;
}

const HISTORY = "history";
const MOST_POINTS = 5;
/** A minute of waiting is worth one point, so that nobody starves. */
const POINTS_PER_MS = 1 / 60_000;

export default definePolicy({
  plan: () => [customerHistory(HISTORY)],

  rank(contact) {
    const { points_per_contact = 1 } = config<{ points_per_contact?: number }>();
    const contacts = fact<History>(contact.facts, HISTORY)?.contacts_90_days ?? 0;
    const points = Math.min(contacts * points_per_contact, MOST_POINTS);
    return {
      base: contact.interaction.priority + points,
      slope: POINTS_PER_MS,
      reasons: points > 0 ? [`${contacts} contacts in the last 90 days: +${points} points.`] : [],
    };
  },

  decide(batch) {
    const taken = new Set<number>();
    return batch.contacts.map((contact, place) => give(place, contact, batch, taken));
  },
});

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
    before === undefined
      ? "Idle longest of those who are free."
      : "They spoke with this agent last.";
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
