/**
 * What is to be said of what was said: the agent's last turn holds a farewell.
 *
 * The host asks `evaluate` once a contact has ended. The rule proposes findings; people decide what
 * follows from them.
 */
import { config } from "@hotline/sdk/host";
import { defineRule, isAgents } from "@hotline/sdk/qa";

/** Stable: findings of all contacts are counted by it. */
const RULE = "farewell";
const FAREWELLS = ["goodbye", "have a nice day", "再见"];
/** So many characters fit into the 500 bytes that a finding may quote. */
const EVIDENCE = 120;

export default defineRule({
  evaluate(contact, transcript) {
    const { farewells = FAREWELLS } = config<{ farewells?: string[] }>();
    const chinese = contact.interaction.language?.startsWith("zh") ?? false;
    const title = chinese ? "道别" : "Farewell";
    const last = [...transcript.turns()].filter(([, turn]) => isAgents(turn)).at(-1);
    if (last === undefined) {
      return [{ rule: RULE, title, verdict: "not-applicable", reason: "No agent spoke." }];
    }
    const [atTurn, { text }] = last;
    const heard = text.toLowerCase();
    const evidence = [...text].slice(0, EVIDENCE).join("");
    if (farewells.some((words) => heard.includes(words.toLowerCase()))) {
      return [{ rule: RULE, title, verdict: "passed", severity: "info", atTurn, evidence }];
    }
    const reason = "The agent's last turn holds no farewell.";
    return [{ rule: RULE, title, verdict: "failed", atTurn, evidence, reason }];
  },
});
