import type { Live } from "../api/types.ts";

/** One sample of the wallboard's strip. */
export interface Sample {
  at: number;
  waiting: number;
  talking: number;
  /** Answered and abandoned since the sample before. */
  answered: number;
  abandoned: number;
}

const EVERY_MS = 5_000;
/** Two hours. */
const LIMIT = 1_440;

/**
 * What the wallboard has seen since the console was opened: totals over all queues, a sample every
 * five seconds. Lives beside the pages, so that it survives moving between them.
 */
export class LiveHistory {
  samples: readonly Sample[] = [];
  private totals: { answered: number; abandoned: number } | undefined;

  /** Takes a push; true when it made a new sample. */
  take(live: Live): boolean {
    const last = this.samples.at(-1);
    if (last && live.at - last.at < EVERY_MS) return false;
    const sum = (pick: (queue: Live["queues"][number]) => number) =>
      live.queues.reduce((total, queue) => total + pick(queue), 0);
    const totals = { answered: sum((q) => q.answered), abandoned: sum((q) => q.abandoned) };
    // Totals start again from 0 when the switchboard restarts.
    const since = (now: number, before = now) => (now >= before ? now - before : now);
    const sample: Sample = {
      at: live.at,
      waiting: sum((q) => q.waiting),
      talking: live.contacts.filter((contact) => contact.stage === "talking").length,
      answered: since(totals.answered, this.totals?.answered),
      abandoned: since(totals.abandoned, this.totals?.abandoned),
    };
    this.totals = totals;
    this.samples = [...this.samples.slice(-LIMIT + 1), sample];
    return true;
  }
}
