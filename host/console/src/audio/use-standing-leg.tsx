import { createContext, type ReactNode, useContext, useEffect, useState } from "react";
import { api, ask } from "../api/client.ts";
import { useMe } from "../api/queries.ts";
import { useLive } from "../live/provider.tsx";
import { type Exchange, type LegView, StandingLeg } from "./standing-leg.ts";

interface Shared {
  leg: StandingLeg;
  view: LegView;
}

const Context = createContext<Shared | null>(null);

const exchange: Exchange = (sdp) => ask(api.POST("/api/v1/agent/audio", { body: { sdp } }));

/** Keeps the agent's leg for as long as the agent is signed in, whatever page is shown. */
export function StandingLegProvider({ children }: { children: ReactNode }) {
  const device = useLive((state) => state.desk?.agent.device);
  const signedIn = useLive((state) => state.status === "open" && state.desk !== null);
  const browserUp = useLive((state) => state.desk?.agent.browser_up ?? false);
  const used = useLive((state) => state.desk?.audio_leg ?? null);
  const iceServers = useMe().data?.ice_servers;
  const [leg, setLeg] = useState<StandingLeg | null>(null);
  const [view, setView] = useState<LegView | null>(null);

  useEffect(() => {
    if (!iceServers) return;
    const created = new StandingLeg(exchange, () => setView(created.read()), iceServers);
    setLeg(created);
    setView(created.read());
    return () => created.stop();
  }, [iceServers]);

  // Set up once at sign-in. A lost live connection alone does not take the leg down.
  useEffect(() => {
    if (!leg || !device) return;
    if (device === "desk_phone") leg.stop();
    else if (signedIn && leg.read().state === "off") void leg.start();
  }, [leg, device, signedIn]);

  useEffect(() => leg?.learnUsed(used), [leg, used]);

  // After the host was restarted it knows no leg, while ours still looks alive for half a minute.
  useEffect(() => {
    if (!leg || !signedIn || browserUp || device !== "browser") return;
    const check = setInterval(() => leg.disown(), 3_000);
    return () => clearInterval(check);
  }, [leg, signedIn, browserUp, device]);

  return <Context value={leg && view ? { leg, view } : null}>{children}</Context>;
}

export function useStandingLeg(): Shared | null {
  return useContext(Context);
}
