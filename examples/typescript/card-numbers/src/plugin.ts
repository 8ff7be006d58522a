/**
 * A QA rule: a payment card's number must not be said aloud, since the recording would hold it (PCI DSS
 * 3.2.1). It judges ended contacts, and warns the agent while the customer is still dictating.
 */
import { config, metrics } from "@hotline/sdk/host";
import { defineRuleAndLive, type Finding, isCustomers } from "@hotline/sdk/qa";

const RULE = "card-number";
const ADVICE = "Stop the customer: card numbers are typed, not said.";

/** Digits that may still become a card's number, and whether the agent was warned. */
interface Heard {
  digits: string;
  warned: boolean;
}

const SILENT: Heard = { digits: "", warned: false };

export default defineRuleAndLive<Heard>({
  evaluate(contact, transcript) {
    const chinese = contact.interaction.language?.startsWith("zh") ?? false;
    const title = chinese ? "念出银行卡号" : "Card number said aloud";
    const findings: Finding[] = [];
    let heard = SILENT;
    for (const [place, turn] of transcript.turns()) {
      const number = isCustomers(turn) ? cardIn((heard = hear(heard, turn.text))) : null;
      if (number !== null) {
        heard = SILENT;
        metrics.count("card_numbers");
        findings.push({
          rule: RULE,
          title,
          verdict: "failed",
          severity: "critical",
          atTurn: place,
          // The finding must not become another copy of the number.
          evidence: `•••• ${number.slice(-4)}`,
          reason: "The recording and the transcript hold a card's number.",
        });
      }
    }
    return findings.length > 0
      ? findings.slice(0, 64)
      : [{ rule: RULE, title, verdict: "passed", severity: "info" }];
  },

  start: SILENT,
  hear({ said }, before) {
    if (before.warned || !isCustomers(said)) {
      return { state: before };
    }
    const after = hear(before, said.text);
    // Half of a number is enough: afterwards it would be too late.
    if (after.digits.length < 8) {
      return { state: after };
    }
    const { advice = ADVICE } = config<{ advice?: string }>();
    return {
      state: { digits: "", warned: true },
      hints: [{ rule: RULE, audience: "agent", severity: "critical", text: advice }],
    };
  },
});

const SPOKEN: Readonly<Record<string, string>> = {
  zero: "0", one: "1", two: "2", three: "3", four: "4",
  five: "5", six: "6", seven: "7", eight: "8", nine: "9",
  零: "0", 幺: "1", 一: "1", 二: "2", 三: "3", 四: "4",
  五: "5", 六: "6", 七: "7", 八: "8", 九: "9",
};
const DIGIT_OR_WORD = /[0-9]|[零幺一二三四五六七八九]|[a-z]+/g;
const MOST_DIGITS = 19;

/** Digits go on from turn to turn, until other words come between them. */
function hear({ digits, warned }: Heard, text: string): Heard {
  let run = digits;
  for (const [part] of text.toLowerCase().matchAll(DIGIT_OR_WORD)) {
    const digit = /[0-9]/.test(part) ? part : SPOKEN[part];
    if (digit !== undefined) {
      run += digit;
    } else if (run.length < 8) {
      run = "";
    }
  }
  return { digits: run.slice(-MOST_DIGITS), warned };
}

/** All these digits, or any 16 in a row, when their check digit is right (ISO/IEC 7812). */
function cardIn({ digits }: Heard): string | null {
  const numbers = digits.length >= 13 ? [digits] : [];
  for (let from = 0; from + 16 <= digits.length; from++) {
    numbers.push(digits.slice(from, from + 16));
  }
  return numbers.find((number) => luhn(number) && !/^(.)\1*$/.test(number)) ?? null;
}

function luhn(number: string): boolean {
  let sum = 0;
  for (let place = 0; place < number.length; place++) {
    const digit = Number(number.at(-1 - place));
    const weighted = place % 2 === 0 ? digit : digit * 2;
    sum += weighted > 9 ? weighted - 9 : weighted;
  }
  return sum % 10 === 0;
}
