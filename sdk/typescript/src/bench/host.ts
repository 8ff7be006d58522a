import { type Surroundings, within } from "../surroundings.ts";

/** 2026-01-05 10:00 UTC, a Monday. */
export const MONDAY_TEN_O_CLOCK = 1_767_607_200_000;

/** What the host's functions answer natively. */
export class FakeHost {
  config: unknown = {};
  nowMs = MONDAY_TEN_O_CLOCK;
  artifact: Uint8Array = new Uint8Array();
  /** `level: message name=value ...`, oldest first. */
  readonly log: string[] = [];
  /** Name and value of each metric that was counted or observed, in order. */
  readonly metrics: [name: string, value: number][] = [];

  /** Runs `call` with the randomness of this seed. */
  within<T>(seed: number, call: () => T): T {
    return within(this.#surroundings(seed), call);
  }

  #surroundings(seed: number): Surroundings {
    let state = BigInt(seed);
    return {
      log: {
        emit: (level, message, fields) => {
          const told = fields.map(([name, value]) => ` ${name}=${value}`);
          this.log.push(`${level}: ${message}${told.join("")}`);
        },
      },
      metrics: {
        count: (name, by) => void this.metrics.push([name, by]),
        observe: (name, value) => void this.metrics.push([name, value]),
      },
      config: { get: () => JSON.stringify(this.config) },
      clock: { nowMs: () => this.nowMs },
      random: {
        // SplitMix64, as a component sees it: rounded to a number.
        nextU64: () => {
          const wrap = (value: bigint) => BigInt.asUintN(64, value);
          state = wrap(state + 0x9e3779b97f4a7c15n);
          let mixed = wrap((state ^ (state >> 30n)) * 0xbf58476d1ce4e5b9n);
          mixed = wrap((mixed ^ (mixed >> 27n)) * 0x94d049bb133111ebn);
          return Number(mixed ^ (mixed >> 31n));
        },
      },
      artifact: { get: () => this.artifact },
    };
  }
}

/** Runs `call` twice with equal surroundings and returns its answer; throws when the two differ. */
export function purely<T>(host: FakeHost, seed: number, call: () => T): T {
  const once = host.within(seed, call);
  const [lines, values] = [host.log.length, host.metrics.length];
  const twice = host.within(seed, call);
  host.log.length = lines;
  host.metrics.length = values;
  const [first, second] = [shown(once), shown(twice)];
  if (first !== second) {
    throw new Error(
      `a call must be a pure function, but the same call gave\n  ${first}\nand then\n  ${second}\nSomething outlives the call: a variable of the module, perhaps.`,
    );
  }
  return once;
}

/** Bytes of a state are shown as the text that they are. */
function shown(value: unknown): string {
  return JSON.stringify(value, (_, inner) =>
    inner instanceof Uint8Array ? Array.from(inner).join(" ") : inner,
  );
}
