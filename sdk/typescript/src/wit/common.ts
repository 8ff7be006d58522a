// Made from wit/deps/common; change that, then see sdk/build/tests/typescript_types.


export namespace Types {
  /** A JSON text. */
  export type Json = string;
  /** Milliseconds: since 1970-01-01 UTC for an instant, else a length of time. */
  export type Millis = number;
  export type Attr = [string, string];
  export type Extension = [string, Types.Json];
  /**
   * How a plugin says that it cannot answer. The host shows it to the plugin's author and carries
   * on with its built-in behaviour.
   */
  export interface Fault {
    /** Stable and dotted, e.g. `script.unknown-node`. */
    code: string;
    /** One sentence for the plugin's author. */
    message: string;
    /** Whether the same call might succeed later. */
    retryable: boolean;
    details: Types.Json | null;
  }
  /** One customer contact, as plugins may know it. */
  export interface Interaction {
    /** Opaque; the same for the contact's whole life. */
    id: string;
    /** `phone`, `web`, ... */
    channel: string;
    /** `inbound` or `outbound`. */
    direction: string;
    /** The customer's address; need not be a number. */
    caller: string;
    /** What the customer dialled or wrote to. */
    dialled: string;
    /** BCP 47 tag, when known. */
    language: string | null;
    startedAt: Types.Millis;
    /** Higher is more urgent; 0 unless something set it. */
    priority: number;
    /** Set by the flow, visible to routing policies and agents. */
    attributes: Types.Attr[];
    ext: Types.Extension[];
  }
}
