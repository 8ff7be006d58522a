import { expect, test } from "vitest";
import type { Live, QueueLive } from "../api/types.ts";
import { LiveHistory } from "./history.ts";

function live(at: number, figures: Partial<QueueLive>): Live {
  const queue: QueueLive = {
    id: "qu_1",
    name: "support",
    waiting: 0,
    oldest_wait_ms: 0,
    expected_wait_ms: null,
    agents_ready: 0,
    agents_busy: 0,
    agents_paused: 0,
    queued: 0,
    answered: 0,
    abandoned: 0,
    service_level: null,
    hours: { state: "always" },
    refused: { full: 0, closed: 0, empty: 0, timed_out: 0 },
    ...figures,
  };
  return { at, queues: [queue], agents: [], contacts: [], monitors: [] };
}

test("what was answered before the console was opened is not counted", () => {
  const history = new LiveHistory();
  history.take(live(0, { answered: 40 }));
  history.take(live(5_000, { answered: 42 }));
  expect(history.samples.map((sample) => sample.answered)).toEqual([0, 2]);
});

test("pushes faster than the strip's step lose nothing", () => {
  const history = new LiveHistory();
  for (let at = 0; at <= 10_000; at += 250) history.take(live(at, { answered: at / 250 }));
  expect(history.samples).toHaveLength(3);
  expect(history.samples.reduce((sum, sample) => sum + sample.answered, 0)).toBe(40);
});

test("totals that begin again after a restart do not turn negative", () => {
  const history = new LiveHistory();
  history.take(live(0, { answered: 40 }));
  history.take(live(5_000, { answered: 1 }));
  expect(history.samples.at(-1)?.answered).toBe(1);
});
