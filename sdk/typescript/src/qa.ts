/**
 * Worlds `qa-rule`, `qa-live` and `qa-rule-and-live`: what was said, judged. A rule looks at a whole
 * contact after it has ended; a live one hears one utterance at a time.
 */
import type { Plugin } from "./plugin.ts";
import { decodeState, encodeState } from "./state.ts";
import type { Types as Common } from "./wit/common.ts";
import type { Transcript as Host } from "./wit/host.ts";
import type { Live, Rule, Types } from "./wit/qa.ts";

export type Interaction = Common.Interaction;
export type Subject = Rule.Subject;
export type Speaker = Host.Speaker;
export type Turn = Host.Turn;

export type Verdict = "passed" | "failed" | "not-applicable" | "unsure";
export type Severity = "info" | "warning" | "critical";
export type Audience = "agent" | "supervisor" | "everyone";

/** What one rule makes of one contact. */
export interface Finding {
  /** The rule's own stable id: small letters, digits, `-` and `.`, at most 64 bytes. */
  rule: string;
  /** For people, in the contact's language; at most 200 bytes. */
  title: string;
  verdict: Verdict;
  /** `warning` unless said. */
  severity?: Severity;
  /** From 0 to 1, where the rule scores. */
  score?: number;
  /** The place in the transcript, from 0, of what the finding rests on. */
  atTurn?: number;
  /** The words that it rests on, quoted; at most 500 bytes. */
  evidence?: string;
  /** One sentence for people: why. At most 500 bytes. */
  reason?: string;
}

/** Something to show at once. */
export interface Hint {
  /** As in `Finding`. */
  rule: string;
  audience: Audience;
  /** `warning` unless said. */
  severity?: Severity;
  /** At most 300 bytes, in the language of who reads it. */
  text: string;
}

/** One utterance of a contact that goes on. */
export interface Utterance {
  interaction: Interaction;
  /** Its place in the transcript, from 0. Places only grow; one may be missing. */
  place: number;
  said: Turn;
}

/** Turns that are fetched at once while walking. */
const PAGE = 100;

/** What was said in a contact. It stays with the host and is read page by page. */
export class Transcript {
  constructor(private readonly reader: Host.Reader) {}

  /** How many turns there are. */
  get length(): number {
    return this.reader.len();
  }

  /** Turns from this place on; at most 200, fewer at the end. */
  page(start: number, count: number): Turn[] {
    return this.reader.page(start, count);
  }

  /** The places of turns whose text holds the words, small and capital letters alike; at most 200. */
  find(words: string, limit = 200): number[] {
    return this.reader.find(words, limit);
  }

  /** Every turn with its place, in order. */
  *turns(): Generator<[place: number, turn: Turn]> {
    const length = this.length;
    for (let start = 0; start < length; start += PAGE) {
      let place = start;
      for (const turn of this.page(start, PAGE)) {
        yield [place++, turn];
      }
    }
  }
}

export function isAgents(turn: Turn): boolean {
  return turn.speaker.tag === "agent";
}

export function isCustomers(turn: Turn): boolean {
  return turn.speaker.tag === "customer";
}

/** Judges contacts after they have ended. */
export interface RuleDefinition {
  /** At most 64 findings. */
  evaluate(contact: Subject, transcript: Transcript): Finding[];
}

/** Listens while a contact goes on. */
export interface LiveDefinition<State> {
  /** What is remembered of a contact before its first utterance. */
  start: State;
  /** What to remember then, in at most 16 KiB of JSON, and at most 8 hints. */
  hear(heard: Utterance, state: State): { state: State; hints?: Hint[] };
}

type Exports = { rule?: Rule.Functions; live?: Live.Functions };
export type RulePlugin = Plugin<Exports & { rule: Rule.Functions }>;
export type LivePlugin = Plugin<Exports & { live: Live.Functions }>;

export function defineRule(rule: RuleDefinition): RulePlugin {
  return { world: "qa-rule", exports: { rule: exportedRule(rule) } };
}

export function defineLive<State>(live: LiveDefinition<State>): LivePlugin {
  return { world: "qa-live", exports: { live: exportedLive(live) } };
}

export function defineRuleAndLive<State>(
  both: RuleDefinition & LiveDefinition<State>,
): RulePlugin & LivePlugin {
  return {
    world: "qa-rule-and-live",
    exports: { rule: exportedRule(both), live: exportedLive(both) },
  };
}

function exportedRule(rule: RuleDefinition): Rule.Functions {
  return {
    evaluate: (contact, reader) => rule.evaluate(contact, new Transcript(reader)).map(finding),
  };
}

/** With the place of the last utterance that was heard: what comes again says nothing new. */
type Remembered<State> = [last: number, state: State];

function exportedLive<State>(live: LiveDefinition<State>): Live.Functions {
  const what = "the rule's state";
  return {
    observe({ interaction, state, place, said }) {
      const [last, before] = (
        state.length === 0 ? [-1, structuredCopy(live.start)] : decodeState(state, what)
      ) as Remembered<State>;
      if (place <= last) {
        return { state, hints: [], ext: [] };
      }
      const { state: after, hints = [] } = live.hear({ interaction, place, said }, before);
      const remembered: Remembered<State> = [place, after];
      return { state: encodeState(remembered, what), hints: hints.map(hint), ext: [] };
    },
  };
}

/** A hearer that changes what it is given shall not change what the next contact begins with. */
function structuredCopy<State>(start: State): State {
  return JSON.parse(JSON.stringify(start)) as State;
}

function finding(one: Finding): Types.Finding {
  return {
    rule: one.rule,
    title: one.title,
    verdict: { tag: one.verdict },
    severity: { tag: one.severity ?? "warning" },
    score: one.score ?? null,
    atTurn: one.atTurn ?? null,
    evidence: one.evidence ?? "",
    reason: one.reason ?? "",
    ext: [],
  };
}

function hint({ rule, audience, severity = "warning", text }: Hint): Types.Hint {
  return { rule, audience: { tag: audience }, severity: { tag: severity }, text, ext: [] };
}
