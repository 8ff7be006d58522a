// Made from wit/deps/connector; change that, then see sdk/build/tests/typescript_types.

import type { Types as CommonTypes } from "./common.ts";

export namespace Types {
  export type Json = CommonTypes.Json;
  export type Millis = CommonTypes.Millis;
  export type Attr = CommonTypes.Attr;
  export type Extension = CommonTypes.Extension;
  export type Interaction = CommonTypes.Interaction;
  /** Someone in the other system. */
  export interface Contact {
    /** The other system's id; none for someone whom it does not know yet. */
    id: string | null;
    /** At most 200 bytes. */
    name: string;
    /** As the other system writes them; E.164 (`+8613800138000`) from the host. */
    phones: string[];
    emails: string[];
    company: string | null;
    /** A page of the other system that shows them; `https` only. */
    url: string | null;
    /** Further fields by the other system's names; at most 64. */
    fields: Types.Attr[];
    ext: Types.Extension[];
  }
  /** Whom to look for: whoever fits any of what is given. */
  export interface ContactQuery {
    id: string | null;
    /** E.164. */
    phone: string | null;
    email: string | null;
    /** Free words, as an agent types them. */
    text: string | null;
    /** How many are wanted at most, from 1 to 50. */
    limit: number;
    ext: Types.Extension[];
  }
  /** A contact that took place, for the customer's history in the other system. */
  export interface Activity {
    /** The other system's id of the customer, when it is known. */
    contact: string | null;
    /** The host's id of the interaction: the same activity told twice has the same. */
    interactionId: string;
    subject: string;
    /** Plain text, at most 16 KiB. */
    body: string;
    /** `inbound` or `outbound`. */
    direction: string;
    /** `phone`, `web`, ... */
    channel: string;
    startedAt: Types.Millis;
    durationMs: number;
    /** The agent's name. */
    agent: string | null;
    /** What the agent chose at the end. */
    disposition: string | null;
    fields: Types.Attr[];
    ext: Types.Extension[];
  }
  export interface NewCase {
    /** The other system's id of the customer, when it is known. */
    contact: string | null;
    subject: string;
    /** Plain text, at most 16 KiB. */
    description: string;
    /** The other system's word, e.g. of its picklist. */
    priority: string | null;
    category: string | null;
    fields: Types.Attr[];
    ext: Types.Extension[];
  }
  export type Operation =
    /** Answered by `contacts`. */
    | { tag: "find-contact"; val: Types.ContactQuery }
    /** Changes the one with this id, or adds one when there is none. Answered by `stored`. */
    | { tag: "upsert-contact"; val: Types.Contact }
    /** Answered by `stored`. */
    | { tag: "log-activity"; val: Types.Activity }
    /** Answered by `stored`. */
    | { tag: "open-case"; val: Types.NewCase }
    /** The choices of a field, by the other system's name of it. Answered by `choices`. */
    | { tag: "picklist"; val: string }
    /**
     * Whether address, secrets and rights are right, with the least that proves it. Answered by
     * `connected`.
     */
    | { tag: "check-connection" }
    /** A later host's operation; answer by a fault with the code `connector.unknown-operation`. */
    | { tag: "ext"; val: Types.Extension };
  /** What the host wants done. */
  export interface Task {
    operation: Types.Operation;
    /** The interaction that it is done for; none for what an administrator tries. */
    interaction: Types.Interaction | null;
    /** The host's clock, as `clock.now-ms`. */
    at: Types.Millis;
    ext: Types.Extension[];
  }
  /**
   * A request that the host shall perform. In `query`, `headers` and `body` the text
   * `{{secret:NAME}}` stands for a secret that the manifest declares, and `{{token:ID}}` for what a
   * caller typed under protection, where the manifest places them; both are put in after the request
   * has left the sandbox.
   */
  export interface HttpRequest {
    /** Unique among the requests of one answer; the response has it too. At most 64 bytes. */
    id: string;
    /** The name of an endpoint of the manifest. */
    endpoint: string;
    /** `GET`, `POST`, ...: one that the manifest declares for the endpoint. */
    method: string;
    /**
     * Added to the endpoint's base URL: empty, or begins with `/`; percent-encoded, without query
     * and without `..`. At most 2,000 bytes.
     */
    path: string;
    /** Encoded by the host; at most 64. */
    query: [string, string][];
    /**
     * At most 32. The host's own (`Host`, `Content-Length`, `Authorization` where it authenticates,
     * ...) are refused.
     */
    headers: [string, string][];
    /** At most 256 KiB. */
    body: Uint8Array | null;
    /** For the whole exchange; at most 30,000. The host's default, 10,000, when none. */
    timeoutMs: number | null;
    /**
     * How long the response may be answered again from the host's cache, for `GET` alone; at most
     * 3,600,000. Not at all when none.
     */
    cacheMs: number | null;
    /**
     * Sent as `Idempotency-Key`. The host repeats a request that changes something only if it has
     * one.
     */
    idempotencyKey: string | null;
    ext: Types.Extension[];
  }
  /** Why there is no response. */
  export type Failure =
    | { tag: "timed-out" }
    /** No connection, or it broke off. */
    | { tag: "unreachable" }
    /** The host does not send this: address, method or size is outside of what is allowed. */
    | { tag: "forbidden"; val: string }
    /** The host could not authenticate: a secret is missing, or no token was given out. */
    | { tag: "unauthenticated"; val: string }
    /** The endpoint failed so often that the host gives it a rest. */
    | { tag: "circuit-open" }
    /** The response is larger than 1 MiB. */
    | { tag: "too-large" }
    /** A later host's failure. */
    | { tag: "ext"; val: Types.Extension };
  export interface HttpResponse {
    /** The request's. */
    id: string;
    /** 0 when there is a failure. */
    status: number;
    /** Names in small letters; `set-cookie` and what authenticates is left out. */
    headers: [string, string][];
    body: Uint8Array;
    failure: Types.Failure | null;
    /** Whether it came from the host's cache. */
    cached: boolean;
    ext: Types.Extension[];
  }
  /** A reference to something that was stored. */
  export interface Stored {
    /** The other system's id. */
    id: string;
    /** Whether it is new. */
    created: boolean;
    /** A page of the other system that shows it; `https` only. */
    url: string | null;
    ext: Types.Extension[];
  }
  export interface Choice {
    /** What is stored. */
    value: string;
    /** What people see. */
    label: string;
    ext: Types.Extension[];
  }
  export interface Connection {
    /** One sentence for an administrator, e.g. which account was reached; at most 500 bytes. */
    summary: string;
    ext: Types.Extension[];
  }
  export type Answer =
    /** Best fit first; at most as many as were asked for. */
    | { tag: "contacts"; val: Types.Contact[] }
    | { tag: "stored"; val: Types.Stored }
    /** At most 500. */
    | { tag: "choices"; val: Types.Choice[] }
    | { tag: "connected"; val: Types.Connection }
    /** For an operation that was an `ext`. */
    | { tag: "ext"; val: Types.Extension };
  export interface Pending {
    /** Given to `resume`; at most 32 KiB. */
    state: Uint8Array;
    /** From 1 to 8; performed side by side. */
    requests: Types.HttpRequest[];
    ext: Types.Extension[];
  }
  export type Progress =
    | { tag: "need"; val: Types.Pending }
    | { tag: "done"; val: Types.Answer }
    /** A later host's progress; this one takes it for a mistake. */
    | { tag: "ext"; val: Types.Extension };
  export interface Continuation {
    state: Uint8Array;
    /** One for each request, in their order. */
    responses: Types.HttpResponse[];
    /** From 1; after the 6th the operation fails. */
    round: number;
    ext: Types.Extension[];
  }
}

export namespace Connector {
  export type Fault = CommonTypes.Fault;
  export type Task = Types.Task;
  export type Continuation = Types.Continuation;
  export type Progress = Types.Progress;
  export interface Functions {
    begin(task: Connector.Task): Connector.Progress;
    resume(continuation: Connector.Continuation): Connector.Progress;
  }
}
