import type { AgentLive } from "../../api/types.ts";
import { useStandingLeg } from "../../audio/use-standing-leg.tsx";
import { useLive } from "../../live/provider.tsx";

export type Hindrance = "connection" | "microphone" | "leg" | "deskPhone";

/** Why this agent can not take contacts now, said before Ready is possible; null when nothing. */
export function useHindrance(agent: AgentLive): Hindrance | null {
  const online = useLive((state) => state.status === "open");
  const audio = useStandingLeg();
  if (!online) return "connection";
  if (agent.device === "desk_phone") return agent.desk_phone_up ? null : "deskPhone";
  const state = audio?.view.state;
  if (state === "no_microphone" || state === "asking_microphone") return "microphone";
  // Spoken in another window of the same agent.
  if (state === "elsewhere") return agent.browser_up ? null : "leg";
  // The host's word counts too: it may have lost a leg that still looks alive here.
  return state === "connected" && agent.browser_up ? null : "leg";
}
