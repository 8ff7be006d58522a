/** Transcripts for QA rules, and what the rules made of them. */
import type { Finding, Hint, LivePlugin, RulePlugin, Subject, Turn } from "../qa.ts";
import type { Transcript } from "../wit/host.ts";
import type { Types } from "../wit/qa.ts";
import { caller } from "./flow.ts";
import { FakeHost, purely } from "./host.ts";

/**
 * A transcript from lines such as `agent: Good morning` and `customer: Hello`; anyone else is the
 * system. Turns take two seconds each.
 */
export function said(lines: string): Turn[] {
  const spoken = lines.split("\n").map((line) => line.trim());
  return spoken.filter((line) => line !== "").map((line, place) => {
    const [, who = "system", text = line] = /^([^:]*):(.*)$/.exec(line) ?? [];
    return {
      speaker: speaker(who),
      startMs: place * 2_000,
      endMs: place * 2_000 + 1_900,
      text: text.trim(),
      language: null,
      confidence: 0.9,
      ext: [],
    };
  });
}

function speaker(who: string): Transcript.Speaker {
  switch (who) {
    case "agent":
      return { tag: "agent", val: "Li" };
    case "customer":
      return { tag: "customer" };
    default:
      return { tag: "system" };
  }
}

/** `caller()`, served in `support` by one agent. */
export function subject(changed: Partial<Subject> = {}): Subject {
  return {
    interaction: caller(),
    queue: "support",
    agents: ["Li"],
    durationMs: 60_000,
    ext: [],
    ...changed,
  };
}

/** What a rule makes of a transcript. Throws its fault, or when two runs differ. */
export function judge(
  plugin: RulePlugin,
  turns: Turn[],
  host = new FakeHost(),
  contact = subject(),
): Finding[] {
  const { evaluate } = plugin.exports.rule;
  const judged = purely(host, 0, () => evaluate(structuredClone(contact), reader(turns)));
  return judged.map(finding);
}

/**
 * The hints of a live rule, each with the place at which it came. Nothing is handed on but the returned
 * state. Throws the rule's first fault, or when two runs differ.
 */
export function listen(
  plugin: LivePlugin,
  turns: Turn[],
  host = new FakeHost(),
): [place: number, hint: Hint][] {
  const { observe } = plugin.exports.live;
  let state: Uint8Array = new Uint8Array();
  return turns.flatMap((said, place) => {
    const observed = purely(host, place, () =>
      observe({ interaction: caller(), state: state.slice(), place, said: structuredClone(said), ext: [] }),
    );
    state = observed.state;
    return observed.hints.map((one): [number, Hint] => [place, hint(one)]);
  });
}

/** As the host reads for a rule. */
function reader(turns: Turn[]): Transcript.Reader {
  const MOST = 200;
  return {
    len: () => turns.length,
    page: (start, count) => structuredClone(turns.slice(start, start + Math.min(count, MOST))),
    find(words, limit) {
      const wanted = words.toLowerCase();
      const places = turns.flatMap(({ text }, place) =>
        wanted !== "" && text.toLowerCase().includes(wanted) ? [place] : [],
      );
      return places.slice(0, Math.min(limit, MOST));
    },
  };
}

/** Back to what the author wrote, everything optional filled in. */
function finding(judged: Types.Finding): Finding {
  const { verdict, severity, score, atTurn, ext, ...rest } = judged;
  return {
    ...rest,
    verdict: verdict.tag as Finding["verdict"],
    severity: severity.tag as NonNullable<Finding["severity"]>,
    ...(score === null ? {} : { score }),
    ...(atTurn === null ? {} : { atTurn }),
  };
}

function hint({ rule, audience, severity, text }: Types.Hint): Hint {
  return {
    rule,
    audience: audience.tag as Hint["audience"],
    severity: severity.tag as NonNullable<Hint["severity"]>,
    text,
  };
}
