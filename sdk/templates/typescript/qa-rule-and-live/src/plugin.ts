/**
 * The customer is told that the contact is recorded: judged after the contact has ended, and the agent
 * reminded while it goes on.
 *
 * The host asks `hear` for each utterance in its order, and `evaluate` once the contact has ended. The
 * two share nothing but the code: what `hear` remembers is its own.
 */
import { config } from "@hotline/sdk/host";
import { defineRuleAndLive, type Interaction, isAgents, isCustomers } from "@hotline/sdk/qa";

/** Stable: findings and hints of all contacts are counted by it. */
const RULE = "recording-notice";

/** The configuration, as `hotline.plugin.json` describes it. */
interface Settings {
  words: string[];
  withinTurns: number;
}

function settings(): Settings {
  const { words = ["recorded", "录音"], within_turns: withinTurns = 2 } = config<{
    words?: string[];
    within_turns?: number;
  }>();
  return { words, withinTurns };
}

function tells({ words }: Settings, text: string): boolean {
  const heard = text.toLowerCase();
  return words.some((word) => heard.includes(word.toLowerCase()));
}

function isChinese({ language }: Interaction): boolean {
  return language?.startsWith("zh") ?? false;
}

/** The agent's turns until the customer was told or the agent reminded; kept by the host. */
interface Heard {
  agentsTurns: number;
  settled: boolean;
}

export default defineRuleAndLive<Heard>({
  evaluate({ interaction }, transcript) {
    const wanted = settings();
    const title = isChinese(interaction) ? "录音提示" : "Recording notice";
    for (const [atTurn, turn] of transcript.turns()) {
      // An announcement counts as well.
      if (!isCustomers(turn) && tells(wanted, turn.text)) {
        const evidence = [...turn.text].slice(0, 120).join("");
        return [{ rule: RULE, title, verdict: "passed", severity: "info", atTurn, evidence }];
      }
    }
    const reason = "Nobody said that the contact is recorded.";
    return [{ rule: RULE, title, verdict: "failed", severity: "critical", reason }];
  },

  start: { agentsTurns: 0, settled: false },
  hear({ interaction, said }, before) {
    if (before.settled || isCustomers(said)) {
      return { state: before };
    }
    const wanted = settings();
    const agentsTurns = before.agentsTurns + (isAgents(said) ? 1 : 0);
    const told = tells(wanted, said.text);
    if (told || agentsTurns < wanted.withinTurns) {
      return { state: { agentsTurns, settled: told } };
    }
    const text = isChinese(interaction)
      ? "请告知客户通话会被录音。"
      : "Tell the customer that the contact is recorded.";
    return {
      state: { agentsTurns, settled: true },
      hints: [{ rule: RULE, audience: "agent", severity: "critical", text }],
    };
  },
});
