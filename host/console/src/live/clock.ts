import { useSyncExternalStore } from "react";

/**
 * The server's clock as seen from here. States carry the server's instants, and a desk's own clock
 * may be minutes off, so timers are counted on this one.
 */
let offset = 0;
let samples: number[] = [];

/** Takes a fresh server instant. The largest difference of the last ones had the least delay. */
export function sawServerTime(at: number): void {
  samples = [...samples.slice(-19), at - Date.now()];
  offset = Math.max(...samples);
}

export function serverNow(): number {
  return Date.now() + offset;
}

/** One ticker for every timer on the page, so that they all turn over at the same moment. */
const listeners = new Set<() => void>();
let ticker: ReturnType<typeof setInterval> | undefined;
let tick = serverNow();

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  if (!ticker) {
    tick = serverNow();
    ticker = setInterval(() => {
      tick = serverNow();
      for (const each of listeners) each();
    }, 500);
  }
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) {
      clearInterval(ticker);
      ticker = undefined;
    }
  };
}

/** The server's time, renewed twice a second. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, () => tick);
}
