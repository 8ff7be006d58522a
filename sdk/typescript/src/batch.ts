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

/** The first contacts in rank order, and the agents free for any of them. */
export class Batch {
  /** The columns as they came. */
  readonly raw: Types.Batch;
  #ids: string[] | null = null;

  constructor(raw: Types.Batch) {
    this.raw = raw;
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

  /** How many agents there are. */
  get size(): number {
    return this.raw.agents.occupancy.length;
  }

  /** The agents' ids, by their places: opaque, as in facts. */
  get ids(): string[] {
    this.#ids ??= this.size === 0 ? [] : this.raw.agents.ids.split("\n");
    return this.#ids;
  }

  /** The agent at this place. */
  agent(place: number): Agent {
    if (!(place >= 0 && place < this.size)) {
      throw new RangeError(`no agent at ${place}: the batch has ${this.size}, from 0`);
    }
    return new Agent(this, place);
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

  /** Whether the agent at this place is one of the contact's candidates. */
  couldGoTo({ rings }: Types.ContactView, place: number): boolean {
    return (rings[place] ?? 0) > 0;
  }

  /** Where the contact waits. */
  queueOf(contact: Types.ContactView): Types.QueueView | undefined {
    return this.raw.queues[contact.queue];
  }
}

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
