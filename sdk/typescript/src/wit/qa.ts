// Made from wit/deps/qa; change that, then see sdk/build/tests/typescript_types.

import type { Types as CommonTypes } from "./common.ts";
import type { Log as HostLog, Config as HostConfig, Clock as HostClock, Random as HostRandom, Artifact as HostArtifact, Metrics as HostMetrics, Transcript as HostTranscript } from "./host.ts";

export namespace Types {
  export type Extension = CommonTypes.Extension;
  export type Verdict =
    /** What the rule asks for was done, or what it forbids was not. */
    | { tag: "passed" }
    | { tag: "failed" }
    /** The rule does not concern this contact. */
    | { tag: "not-applicable" }
    /** The plugin cannot tell; a person should listen. */
    | { tag: "unsure" }
    /** A later host's verdict; this one takes it for `unsure`. */
    | { tag: "ext"; val: Types.Extension };
  export type Severity =
    /** Worth knowing. */
    | { tag: "info" }
    /** To be improved. */
    | { tag: "warning" }
    /** A breach: a rule of law, or a promise that binds. */
    | { tag: "critical" }
    /** A later host's severity; this one takes it for `warning`. */
    | { tag: "ext"; val: Types.Extension };
  /** What one rule makes of one contact. */
  export interface Finding {
    /** The rule's own stable id, e.g. `greeting`: small letters, digits, `-` and `.`, at most 64 bytes. */
    rule: string;
    /** For people, in the contact's language; at most 200 bytes. */
    title: string;
    verdict: Types.Verdict;
    severity: Types.Severity;
    /** From 0 to 1, where the rule scores; none where it only passes or fails. */
    score: number | null;
    /** The place in the transcript, from 0, of what the finding rests on. */
    atTurn: number | null;
    /** The words that it rests on, quoted; empty when it rests on their absence. At most 500 bytes. */
    evidence: string;
    /** One sentence for people: why. At most 500 bytes. */
    reason: string;
    ext: Types.Extension[];
  }
  export type Audience =
    /** The agent who is talking. */
    | { tag: "agent" }
    /** Whoever supervises them. */
    | { tag: "supervisor" }
    | { tag: "everyone" }
    /** A later host's audience; this one shows the hint to supervisors. */
    | { tag: "ext"; val: Types.Extension };
  /** Something to show at once. */
  export interface Hint {
    /** As in `finding`. */
    rule: string;
    audience: Types.Audience;
    severity: Types.Severity;
    /** At most 300 bytes, in the language of who reads it. */
    text: string;
    ext: Types.Extension[];
  }
}

export namespace Rule {
  export type Fault = CommonTypes.Fault;
  export type Interaction = CommonTypes.Interaction;
  export type Extension = CommonTypes.Extension;
  export type Reader = HostTranscript.Reader;
  export type Finding = Types.Finding;
  /** What a judgement rests on besides the transcript. */
  export interface Subject {
    interaction: Rule.Interaction;
    /** The queue's name, when the contact was in one. */
    queue: string | null;
    /** The agents' names, in the order in which they joined. */
    agents: string[];
    /** From the contact's beginning to its end, in milliseconds of the host's clock. */
    durationMs: number;
    ext: Rule.Extension[];
  }
  export interface Functions {
    /**
     * Asked once after the contact has ended and its transcript is complete. At most 64 findings. The
     * reader is given and not lent: engines that let go of what they borrowed only after the call
     * would break the canonical ABI's rule. It ends with the call either way.
     */
    evaluate(contact: Rule.Subject, transcript: Rule.Reader): Rule.Finding[];
  }
}

export namespace Live {
  export type Fault = CommonTypes.Fault;
  export type Interaction = CommonTypes.Interaction;
  export type Extension = CommonTypes.Extension;
  export type Turn = HostTranscript.Turn;
  export type Hint = Types.Hint;
  /** One utterance, and what the plugin remembers of those before. */
  export interface Utterance {
    interaction: Live.Interaction;
    /** What the last call returned; empty at the first. */
    state: Uint8Array;
    /**
     * The utterance's place in the transcript, from 0. Places grow; one may be missing, and after a
     * restart of the host the last one may come again, which must change nothing.
     */
    place: number;
    said: Live.Turn;
    ext: Live.Extension[];
  }
  export interface Observed {
    /** At most 16 KiB. */
    state: Uint8Array;
    /** At most 8. */
    hints: Live.Hint[];
    ext: Live.Extension[];
  }
  export interface Functions {
    /** Asked for each utterance in its order, one at a time for a contact. */
    observe(heard: Live.Utterance): Live.Observed;
  }
}
