import { useQueryClient } from "@tanstack/react-query";
import {
  createContext,
  type ReactNode,
  useContext,
  useEffect,
  useState,
  useSyncExternalStore,
} from "react";
import { keys, takePluginStatus } from "../api/queries.ts";
import type { Fact } from "../api/types.ts";
import { tellPluginStatus } from "../components/notify.ts";
import { type LiveState, LiveStore } from "./store.ts";

const Context = createContext<LiveStore | null>(null);

/** Facts after which a list of contacts reads differently. */
const CHANGES_CONTACTS = new Set<Fact["kind"]>([
  "contact_started",
  "contact_ended",
  "agent_connected",
  "wrap_up_ended",
  "recording_finished",
]);

/** Keeps one live connection for everything below it. */
export function LiveProvider({ children }: { children: ReactNode }) {
  const client = useQueryClient();
  const [store] = useState(() => new LiveStore());

  useEffect(() => {
    let refresh: ReturnType<typeof setTimeout> | undefined;
    store.onPlugin = (status) => {
      takePluginStatus(client, status);
      tellPluginStatus(status);
    };
    store.onReconnect = () => void client.invalidateQueries();
    store.onSignedOut = () => void client.resetQueries({ queryKey: keys.me });
    store.onFact = (fact) => {
      if (!CHANGES_CONTACTS.has(fact.kind) || refresh) return;
      // Many facts come at once; the lists are read again at most every two seconds.
      refresh = setTimeout(() => {
        refresh = undefined;
        void client.invalidateQueries({ queryKey: keys.contacts });
      }, 2_000);
    };
    store.start();
    return () => {
      clearTimeout(refresh);
      store.stop();
    };
  }, [store, client]);

  return <Context value={store}>{children}</Context>;
}

/** A part of the live state; re-renders when that part changes. */
export function useLive<T>(select: (state: LiveState) => T): T {
  const store = useContext(Context);
  if (!store) throw new Error("useLive outside LiveProvider");
  return useSyncExternalStore(store.subscribe, () => select(store.read()));
}
