import { useSyncExternalStore } from "react";

/**
 * The server's clock as seen from here. States carry the server's instants, and a desk's own clock
 * may be minutes off, so timers are counted on this one.
 */
let offset = 0;

/** Clocks this near to each other count as equal: the server tells its time in whole seconds. */
const EQUAL_WITHIN_MS = 1_500;

/** Takes the `Date` of an answer of the server that just came in. */
export function sawServerDate(date: string): void {
  const difference = Date.parse(date) + 500 - Date.now();
  if (Number.isNaN(difference)) return;
  offset = Math.abs(difference) <= EQUAL_WITHIN_MS ? 0 : difference;
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
