import type { QueueLive } from "../../api/types.ts";
import { duration } from "../../components/format.ts";
import { useNow } from "../../live/clock.ts";

interface Props {
  queue: QueueLive | undefined;
  /** The instant of the figures. */
  at: number | undefined;
  /** The queue's service level threshold, when known: beyond it the wait is marked. */
  thresholdMs?: number;
}

/** The oldest wait of a queue, counted on between two pushes. */
export function OldestWait({ queue, at, thresholdMs }: Props) {
  const now = useNow();
  if (!queue || at === undefined || queue.waiting === 0) return <span className="quiet">–</span>;
  const waited = queue.oldest_wait_ms + Math.max(0, now - at);
  const late = thresholdMs !== undefined && waited > thresholdMs;
  return (
    <span style={late ? { color: "var(--state-bad)", fontWeight: 700 } : undefined}>
      {duration(waited)}
    </span>
  );
}
