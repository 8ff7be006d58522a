import { useTranslation } from "react-i18next";
import type { AgentLive, AgentStateName } from "../api/types.ts";
import { word } from "../i18n/index.ts";

export function stateColour(state: AgentStateName): string {
  return `var(--state-${state})`;
}

/** Since when an agent is in the present state; none when signed out. */
export function stateSince(agent: AgentLive): number | null {
  return agent.state === "signed_out" ? null : agent.since;
}

/** The state in a word; who works without talking does not talk. */
export function useStateWord() {
  const { t } = useTranslation();
  return (agent: AgentLive): string => {
    if (agent.state !== "talking") return t(`agentState.${agent.state}`);
    const work = agent.work.find(({ contact }) => contact === agent.contact);
    return t(work && work.medium !== "voice" ? "agentState.working" : "agentState.talking");
  };
}

interface DotProps {
  state: AgentStateName;
  size?: number;
  /** Never blinks. */
  calm?: boolean;
}

export function StateDot({ state, size = 10, calm = false }: DotProps) {
  return (
    <span
      aria-hidden
      className={state === "offered" && !calm ? "attention" : undefined}
      style={{
        display: "inline-block",
        flex: "none",
        width: size,
        height: size,
        borderRadius: "50%",
        background: stateColour(state),
      }}
    />
  );
}

/** The state in words, with the reason of a pause. */
export function AgentStateLabel({ agent }: { agent: AgentLive }) {
  const { t } = useTranslation();
  const stateWord = useStateWord();
  return (
    <span style={{ display: "inline-flex", alignItems: "center", gap: 8 }}>
      <StateDot state={agent.state} />
      {stateWord(agent)}
      {agent.state === "paused" && (
        <span className="quiet">{word(t, "pauseReason", agent.reason)}</span>
      )}
    </span>
  );
}
