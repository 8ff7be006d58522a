// Made from wit/deps/host; change that, then see sdk/build/tests/typescript_types.

import type { Types as CommonTypes } from "./common.ts";

export namespace Log {
  export type Level =
    | "trace"
    | "debug"
    | "info"
    | "warn"
    | "error";
  export interface Functions {
    /** Structured and rate limited; at most 64 lines a call, the message cut at 1 KiB. */
    emit(level: Log.Level, message: string, fields: [string, string][]): void;
  }
}

export namespace Config {
  export interface Functions {
    /** The plugin's configuration as JSON, `{}` when it has none. */
    get(): string;
  }
}

export namespace Clock {
  export interface Functions {
    /**
     * The host's time of the event being handled, in milliseconds since 1970-01-01 UTC. It does not
     * change within one call.
     */
    nowMs(): number;
  }
}

export namespace Random {
  export interface Functions {
    /**
     * The next of a stream that is seeded from the contact and its step, so that a replay sees the
     * same values.
     */
    nextU64(): number;
  }
}

export namespace Artifact {
  export interface Functions {
    /** The compiled script that this call shall interpret: what `compiler.check` returned. */
    get(): Uint8Array;
  }
}

export namespace Metrics {
  export interface Functions {
    /**
     * Adds to a counter that the manifest declares. Another name counts nothing, and the plugin's log
     * says so.
     */
    count(name: string, by: number): void;
    /** Adds a value to a histogram that the manifest declares; at most 256 values a call. */
    observe(name: string, value: number): void;
  }
}

export namespace Transcript {
  export type Extension = CommonTypes.Extension;
  export type Speaker =
    | { tag: "customer" }
    /** The agent's name. */
    | { tag: "agent"; val: string }
    /** A prompt of a flow, or an announcement of the host. */
    | { tag: "system" }
    /** A later host's speaker. */
    | { tag: "ext"; val: Transcript.Extension };
  /** What one speaker said without a pause in between. */
  export interface Turn {
    speaker: Transcript.Speaker;
    /** Since the contact began, in milliseconds of the host's clock. */
    startMs: number;
    endMs: number;
    text: string;
    /** BCP 47 tag, when known. */
    language: string | null;
    /** How sure the recogniser was, 0 to 1; none for what was typed. */
    confidence: number | null;
    ext: Transcript.Extension[];
  }
  /**
   * A contact's transcript, in the order of the turns' beginnings. It stays with the host: a plugin
   * reads what it needs.
   */
  export interface Reader {
    /** How many turns there are. */
    len(): number;
    /** Turns from this place on; at most 200 a call, fewer at the end. */
    page(start: number, count: number): Transcript.Turn[];
    /**
     * The places of turns whose text holds the words, small and capital letters alike; at most
     * `limit`, which counts as 200 above that. None for empty words.
     */
    find(words: string, limit: number): number[];
  }
}
