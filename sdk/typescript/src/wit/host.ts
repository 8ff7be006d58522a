// Made from wit/deps/host; change that, then see sdk/build/tests/typescript_types.


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
