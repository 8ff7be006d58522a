import type { QueueForm, QueueRow } from "../../../api/types.ts";

/** The queue as the API takes it, with an empty text where nothing is set. */
export type QueueValues = Omit<Required<QueueForm>, "rules" | "policy" | "music" | "skills"> & {
  policy: string;
  music: string;
  skills: string;
  rules: QueueRow["rules"];
};

const NO_RULES: QueueRow["rules"] = {
  rings: [],
  hours: null,
  refuse_when: [],
  leave_when: [],
  max_wait_ms: null,
  first_progress_ms: null,
  on_full: "tell_flow",
  on_closed: "tell_flow",
  on_empty: "tell_flow",
  on_max_wait: "tell_flow",
  callback: null,
  redial_within_ms: 0,
  last_agent: null,
};

export const CALLBACK = { attempts: 2, retry_after_ms: 300_000, ring_timeout_ms: 30_000 };
export const LAST_AGENT = { within_ms: 7 * 86_400_000, wait_ms: 20_000 };

/** What the form begins with: the queue, or the usual times of a new one. */
export function valuesOf(queue: QueueRow | null): QueueValues {
  return {
    name: queue?.name ?? "",
    policy: queue?.policy ?? "",
    music: queue?.music ?? "",
    skills: queue?.skills ?? "",
    ring_timeout_ms: queue?.ring_timeout_ms ?? 20_000,
    wrap_up_ms: queue ? queue.wrap_up_ms : 30_000,
    progress_every_ms: queue?.progress_every_ms ?? 30_000,
    service_level_ms: queue?.service_level_ms ?? 20_000,
    max_waiting: queue?.max_waiting ?? 100,
    rules: { ...NO_RULES, ...queue?.rules },
  };
}

export function draftOf(values: QueueValues): QueueForm {
  return {
    ...values,
    name: values.name.trim(),
    policy: values.policy.trim() || null,
    music: values.music.trim() || null,
    skills: values.skills.trim(),
    rules: {
      ...values.rules,
      redial_within_ms: values.rules.redial_within_ms ?? 0,
      rings: values.rules.rings.map((ring) => ({ ...ring, skills: ring.skills.trim() })),
    },
  };
}

/** A ring that begins a while after the last. */
export function nextRing(rings: QueueValues["rules"]["rings"]): {
  after_ms: number;
  skills: string;
} {
  return { after_ms: (rings.at(-1)?.after_ms ?? 0) + 15_000, skills: "" };
}
