/**
 * A batch as a policy looks at it. The host gives what it knows of agents in columns of bytes, which
 * the engine takes in whole where it would take in records value by value; here they are read when a
 * policy asks.
 */
import type { Types } from "./wit/routing.ts";

/** Of a share that nobody knows. */
const UNKNOWN_SHARE = 255;
/** Of a number that nobody knows. */
const UNKNOWN = 0xffff_ffff;

/** What is known of an agent's past work on a skill or topic. */
export interface Experienced {
  /** Contacts since sign-in; at least 1. */
  handled: number;
  /** Since the last of them ended. */
  lastEndedMs: number | null;
  /** Share of them that were resolved, 0 to 1. */
  resolution: number | null;
  /** Mean rating by customers, 0 to 1. */
  rating: number | null;
}

/** The last place that a number of two bytes can name. */
const LAST = 0xffff;

/**
 * The first contacts in rank order, and the agents free for any of them. What is asked of it again is
 * kept: in a component a call costs some thousand units of fuel, an object more.
 */
export class Batch {
  /** The columns as they came. */
  readonly raw: Types.Batch;
  /** How many agents there are. */
  readonly size: number;
  #ids: string[] | null = null;
  /** By their places, as far as they were asked for. */
  readonly #agents: (Agent | undefined)[];
  /** What `mostProficient` has worked out, by the places of skills. */
  readonly #orders = new Map<string, Uint32Array>();
  readonly #sums = new Map<string, Uint32Array>();
  readonly #columns = new Map<number, Uint32Array>();

  constructor(raw: Types.Batch) {
    this.raw = raw;
    this.size = raw.agents.occupancy.length;
    this.#agents = new Array(this.size).fill(undefined);
  }

  /** Milliseconds since 1970-01-01 UTC. */
  get at(): number {
    return this.raw.at;
  }

  get queues(): Types.QueueView[] {
    return this.raw.queues;
  }

  get contacts(): Types.ContactView[] {
    return this.raw.contacts;
  }

  /** Names of what the agents are able to and the contacts need. */
  get skills(): string[] {
    return this.raw.skills;
  }

  /** The agents' ids, by their places: opaque, as in facts. */
  get ids(): string[] {
    this.#ids ??= this.size === 0 ? [] : this.raw.agents.ids.split("\n");
    return this.#ids;
  }

  /** The agent at this place. */
  agent(place: number): Agent {
    const known = this.#agents[place];
    if (known !== undefined) {
      return known;
    }
    if (!(place >= 0 && place < this.size)) {
      throw new RangeError(`no agent at ${place}: the batch has ${this.size}, from 0`);
    }
    const agent = new Agent(this, place);
    this.#agents[place] = agent;
    return agent;
  }

  /** The place of the agent with this id; -1 for who is not free now. */
  placeOf(id: string): number {
    return this.ids.indexOf(id);
  }

  /**
   * Whom the contact could be given, by their places: an inner ring first, then longest idle. Found one
   * after the other: who takes the first does not pay for the rest.
   */
  *candidates({ ring: outermost, rings }: Types.ContactView): Generator<number, void> {
    for (let ring = 1; ring <= outermost; ring++) {
      for (let place = rings.indexOf(ring); place >= 0; place = rings.indexOf(ring, place + 1)) {
        yield place;
      }
    }
  }

  /**
   * The most proficient of the contact's candidates in what it needs (the levels added up), but for those
   * who are `taken`; of equals one of an inner ring, then who comes first among the agents. `null` when
   * all are taken.
   *
   * As if one looked at each of `candidates`, at a small part of the fuel: the agents are put in order
   * once for all contacts of the batch that need the same.
   */
  mostProficient(
    { needs, rings, ring: outermost }: Types.ContactView,
    taken: ReadonlySet<number>,
  ): number | null {
    const order = this.#order(needs.map(skillOf));
    let best: number | null = null;
    let within = outermost + 1;
    let least = 0;
    for (let at = order.length - 1; at >= 0; at--) {
      const key = order[at] as number;
      if (key < least) {
        break;
      }
      const place = LAST - (key & LAST);
      const ring = rings[place] as number;
      if (ring > 0 && ring < within && !taken.has(place)) {
        if (ring === 1) {
          return place;
        }
        best = place;
        within = ring;
        // Only who is as proficient may still be preferred, in an inner ring.
        least = key - (key & LAST);
      }
    }
    return best;
  }

  /** The agents by their proficiency in these skills, the least first: see `#keys`. */
  #order(skills: readonly number[]): Uint32Array {
    const name = skills.join();
    let order = this.#orders.get(name);
    if (order === undefined) {
      order = this.#keys(skills, name).slice().sort();
      this.#orders.set(name, order);
    }
    return order;
  }

  /** Of each agent: the levels in these skills added up, times 2^16, and its place from behind. */
  #keys(skills: readonly number[], name: string): Uint32Array {
    let keys = this.#sums.get(name);
    if (keys === undefined) {
      const last = skills.at(-1);
      if (last === undefined) {
        keys = new Uint32Array(this.size).map((_, place) => LAST - place);
      } else {
        // Contacts need the same skills again: what all but the last come to is kept too.
        const others = skills.slice(0, -1);
        const column = this.#column(last);
        keys = this.#keys(others, others.join()).map((key, place) => key + (column[place] as number));
      }
      this.#sums.set(name, keys);
    }
    return keys;
  }

  /** Each agent's level in a skill, times 2^16. */
  #column(skill: number): Uint32Array {
    let column = this.#columns.get(skill);
    if (column === undefined) {
      const { levels } = this.raw.agents;
      const width = this.raw.skills.length;
      let cell = skill - width;
      column = new Uint32Array(this.size).map(() => (levels[(cell += width)] as number) << 16);
      this.#columns.set(skill, column);
    }
    return column;
  }

  /** Whether the agent at this place is one of the contact's candidates. */
  couldGoTo({ rings }: Types.ContactView, place: number): boolean {
    return (rings[place] ?? 0) > 0;
  }

  /** Where the contact waits. */
  queueOf(contact: Types.ContactView): Types.QueueView | undefined {
    return this.raw.queues[contact.queue];
  }
}

const skillOf = ({ skill }: Types.Need) => skill;

/** A free agent of a batch. */
export class Agent {
  readonly place: number;
  readonly #batch: Batch;

  constructor(batch: Batch, place: number) {
    this.#batch = batch;
    this.place = place;
  }

  get id(): string {
    return this.#batch.ids[this.place] as string;
  }

  /** Time since the agent last became free. */
  get idleMs(): number {
    return number(this.#batch.raw.agents.idleMs, this.place);
  }

  /** Busy share of the time since sign-in, 0 to 1. */
  get occupancy(): number {
    return (this.#batch.raw.agents.occupancy[this.place] as number) / 100;
  }

  /**
   * Proficiency from 1 to 10 in a skill, by its name or by its place in the batch's `skills`, as in
   * a need; 0 of who lacks it.
   */
  level(skill: string | number): number {
    const { skills, agents } = this.#batch.raw;
    const column = typeof skill === "number" ? skill : skills.indexOf(skill);
    if (column < 0 || column >= skills.length) {
      return 0;
    }
    return agents.levels[this.place * skills.length + column] as number;
  }

  /**
   * What they did since sign-in of a skill, or of a value of the contacts' attribute `topic`; only
   * told of what the batch's contacts are about.
   */
  experience(topic: string): Experienced | null {
    const known = this.#batch.raw.agents.experience;
    const column = known === null ? -1 : known.topics.indexOf(topic);
    if (known === null || column < 0) {
      return null;
    }
    const cell = this.place * known.topics.length + column;
    const handled = number(known.handled, cell);
    if (handled === 0) {
      return null;
    }
    const ended = number(known.lastEndedMs, cell);
    return {
      handled,
      lastEndedMs: ended === UNKNOWN ? null : ended,
      resolution: share(known.resolution, cell),
      rating: share(known.rating, cell),
    };
  }
}

/** The number at this place of a column of four bytes each. */
function number(column: Uint8Array, place: number): number {
  const byte = (at: number) => (column[place * 4 + at] ?? 0) << (at * 8);
  return (byte(0) | byte(1) | byte(2) | byte(3)) >>> 0;
}

function share(column: Uint8Array, place: number): number | null {
  const percent = column[place] ?? UNKNOWN_SHARE;
  return percent === UNKNOWN_SHARE ? null : percent / 100;
}
