import type { AgentDesk, Fact, Live, LiveMessage, PluginStatus } from "../api/types.ts";
import { serverNow } from "./clock.ts";
import { type ConnectionStatus, LiveConnection } from "./connection.ts";
import { LiveHistory, type Sample } from "./history.ts";

export interface LiveState {
  status: ConnectionStatus;
  /** The signed-in agent's own desk; null for others. */
  desk: AgentDesk | null;
  live: Live | null;
  history: readonly Sample[];
}

const EMPTY: LiveState = {
  status: "connecting",
  desk: null,
  live: null,
  history: [],
};

/** What the server pushes, as one immutable state that pages read. */
export class LiveStore {
  private state = EMPTY;
  private readonly listeners = new Set<() => void>();
  private readonly history = new LiveHistory();
  private readonly connection: LiveConnection;

  private sampler: ReturnType<typeof setInterval> | undefined;
  private greeted = false;

  /** The connection was lost and is back: what is not pushed must be read again. */
  onReconnect: () => void = () => {};
  onFact: (fact: Fact) => void = () => {};
  onPlugin: (status: PluginStatus) => void = () => {};
  onSignedOut: () => void = () => {};

  constructor() {
    this.connection = new LiveConnection({
      onStatus: (status) => this.set({ status }),
      onMessage: (message) => this.take(message),
      onSignedOut: () => this.onSignedOut(),
    });
  }

  readonly start = (): void => {
    this.connection.start();
    // The host pushes when something changes; the history also tells that nothing did.
    this.sampler = setInterval(() => {
      const { live, status } = this.state;
      if (!live || status !== "open") return;
      if (this.history.take({ ...live, at: Math.max(live.at, serverNow()) })) {
        this.set({ history: this.history.samples });
      }
    }, 5_000);
  };

  readonly stop = (): void => {
    clearInterval(this.sampler);
    this.connection.stop();
  };

  readonly read = (): LiveState => this.state;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  private take(message: LiveMessage): void {
    switch (message.type) {
      case "hello":
        if (this.greeted) this.onReconnect();
        this.greeted = true;
        break;
      case "agent":
        this.set({ desk: withKnownContacts(message.agent, this.state.desk) });
        break;
      case "live": {
        this.history.take(message.live);
        this.set({ live: message.live, history: this.history.samples });
        break;
      }
      case "fact":
        this.onFact(message.fact);
        break;
      case "plugin":
        this.onPlugin(message.status);
        break;
    }
  }

  private set(part: Partial<LiveState>): void {
    this.state = { ...this.state, ...part };
    for (const listener of this.listeners) listener();
  }
}

/** A contact ends before its wrap-up does: what was known of it stays in view. */
export function withKnownContacts(desk: AgentDesk, before: AgentDesk | null): AgentDesk {
  const all = [...desk.contacts, ...(desk.known ?? []), ...(before?.known ?? [])];
  const found = desk.agent.work.map((work) => all.find(({ id }) => id === work.contact));
  return { ...desk, known: found.filter((contact) => contact !== undefined) };
}
