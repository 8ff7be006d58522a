/**
 * What is around a plugin while it runs: the host's imports in a component, a fake in tests. Clock and
 * randomness of the language itself (`Date`, `Math.random`) are led to it for the time of a call, so
 * that a replay sees the same.
 */
import type { Artifact, Clock, Config, Log, Metrics, Random } from "./wit/host.ts";

export interface Surroundings {
  log: Log.Functions;
  config: Config.Functions;
  clock: Clock.Functions;
  random: Random.Functions;
  metrics: Metrics.Functions;
  /** Script interpreters have one. */
  artifact?: Artifact.Functions;
}

let present: Surroundings | null = null;

/** The surroundings of the call that is running. */
export function surroundings(): Surroundings {
  if (present === null) {
    throw new Error(
      "no call is running: read time, randomness, configuration and log inside the plugin's functions, not while its module is loaded",
    );
  }
  return present;
}

/** From 0 to below 1, with 53 bits. */
export function unit(random: Random.Functions): number {
  // The low bits of a number above 2^53 are gone: only the high ones count.
  const drawn = random.nextU64();
  const unsigned = drawn < 0 ? drawn + 2 ** 64 : drawn;
  return Math.min(Math.floor(unsigned / 2 ** 11), 2 ** 53 - 1) / 2 ** 53;
}

const RealDate = Date;
const realRandom = Math.random;

class HostDate extends RealDate {
  constructor(...given: unknown[]) {
    if (given.length === 0) {
      super(surroundings().clock.nowMs());
    } else {
      super(...(given as [number]));
    }
  }

  static override now(): number {
    return surroundings().clock.nowMs();
  }
}

/** Runs `call` with these surroundings, and puts back what was there before. */
export function within<T>(around: Surroundings, call: () => T): T {
  const before = present;
  present = around;
  globalThis.Date = HostDate as DateConstructor;
  Math.random = () => unit(around.random);
  try {
    return call();
  } finally {
    present = before;
    if (before === null) {
      globalThis.Date = RealDate;
      Math.random = realRandom;
    } else {
      Math.random = () => unit(before.random);
    }
  }
}
