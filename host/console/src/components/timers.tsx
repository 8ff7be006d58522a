import { useNow } from "../live/clock.ts";
import { duration } from "./format.ts";

/** Counts up from an instant of the server. */
export function Elapsed({ since }: { since: number }) {
  const now = useNow();
  return <span className="figures">{duration(now - since)}</span>;
}

/** Counts down to an instant of the server. */
export function Remaining({ until }: { until: number }) {
  const now = useNow();
  return <span className="figures">{duration(until - now + 999)}</span>;
}
