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
  return (
    <span style={{ display: "inline-flex", alignItems: "center", gap: 8 }}>
      <StateDot state={agent.state} />
      {t(`agentState.${agent.state}`)}
      {agent.state === "paused" && (
        <span className="quiet">{word(t, "pauseReason", agent.reason)}</span>
      )}
    </span>
  );
}
