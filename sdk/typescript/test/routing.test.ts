import assert from "node:assert/strict";
import { test } from "node:test";
import { routing } from "@hotline/sdk/bench";
import { Batch, type ContactView } from "../src/routing.ts";

/** What `mostProficient` promises, by a look at each of the candidates. */
function byLooking(batch: Batch, contact: ContactView, taken: ReadonlySet<number>): number | null {
  let best: { place: number; level: number } | null = null;
  for (const place of batch.candidates(contact)) {
    const level = contact.needs.reduce((sum, { skill }) => sum + batch.agent(place).level(skill), 0);
    if (!taken.has(place) && (best === null || level > best.level)) {
      best = { place, level };
    }
  }
  return best?.place ?? null;
}

/** Numbers below `bound`, the same in each run. */
function numbers(seed: number): (bound: number) => number {
  let state = seed;
  return (bound) => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return Math.floor((state / 2 ** 31) * bound);
  };
}

test("the most proficient is who a look at each candidate finds, in every batch", () => {
  for (let seed = 1; seed <= 200; seed++) {
    const below = numbers(seed);
    const skills = ["german", "english", "loans"];
    const agents = Array.from({ length: below(12) }, (_, n) =>
      routing.agent(`a${n}`, 0, Object.fromEntries(skills.map((name) => [name, below(4)]))),
    );
    const contacts = Array.from({ length: 6 }, (_, n) => ({
      ...routing.waiting(
        `c${n}`,
        skills.filter(() => below(2) === 0),
        [],
      ),
      candidates: agents.map((_, agent) => ({ agent, ring: below(4) })),
    }));
    const batch = new Batch(routing.batch(agents, contacts));
    const taken = new Set<number>();
    for (const contact of batch.contacts) {
      const found = batch.mostProficient(contact, taken);
      assert.equal(found, byLooking(batch, contact, taken), `seed ${seed}`);
      if (found !== null) {
        taken.add(found);
      }
    }
  }
});

test("an agent that was asked for is the same again", () => {
  const batch = new Batch(routing.batch([routing.agent("ana", 1, { german: 3 })], []));
  assert.equal(batch.agent(0), batch.agent(0));
  assert.equal(batch.agent(0).level("german"), 3);
  assert.throws(() => batch.agent(1), /no agent at 1: the batch has 1/);
});
