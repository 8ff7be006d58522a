/**
 * Listens while a contact goes on: when a customer has asked twice for somebody in charge, the
 * supervisor is told, once.
 *
 * The host asks `hear` for each utterance in its order. Nothing is remembered but the state; an
 * utterance that comes twice is passed over by the SDK, and one may be missing.
 */
import { config } from "@hotline/sdk/host";
import { defineLive, isCustomers } from "@hotline/sdk/qa";

/** Stable: hints of all contacts are counted by it. */
const RULE = "escalation";
const WORDS = ["manager", "supervisor", "complaint", "经理", "投诉"];

/** The configuration, as `hotline.plugin.json` describes it. */
interface Settings {
  words?: string[];
  times?: number;
}

/** What is remembered of a contact; the host keeps at most 16 KiB of it. */
interface Heard {
  times: number;
}

export default defineLive<Heard>({
  start: { times: 0 },
  hear({ interaction, said }, before) {
    const { words = WORDS, times = 2 } = config<Settings>();
    const text = said.text.toLowerCase();
    if (!isCustomers(said) || !words.some((word) => text.includes(word.toLowerCase()))) {
      return { state: before };
    }
    const state = { times: before.times + 1 };
    if (state.times !== times) {
      return { state };
    }
    const chinese = interaction.language?.startsWith("zh") ?? false;
    const hint = chinese ? "客户再次要求找负责人。" : "The customer asks for somebody in charge again.";
    return { state, hints: [{ rule: RULE, audience: "supervisor", text: hint }] };
  },
});
