import { useEffect, useState } from "react";
import { isMeasuring } from "../../audio/level.ts";

const CHECK_EVERY_MS = 250;
/** A live microphone always has some noise; exact silence for this long means that it is muted. */
const SILENT_AFTER_MS = 5_000;
/** One that has given sound may be a headset that sends zeros while its wearer listens. */
const SILENT_AGAIN_AFTER_MS = 30_000;

/** Whether a microphone that should be heard has been perfectly silent for a while. */
export function useSilence(isDead: () => boolean, listening: boolean): boolean {
  const [silent, setSilent] = useState(false);
  useEffect(() => {
    setSilent(false);
    if (!listening) return;
    let aliveAt = Date.now();
    let limit = SILENT_AFTER_MS;
    const timer = setInterval(() => {
      // A page that was asleep, or may not listen yet, says nothing about the microphone.
      const unknown = document.hidden || !isMeasuring();
      const alive = !unknown && !isDead();
      if (alive) limit = SILENT_AGAIN_AFTER_MS;
      if (alive || unknown) aliveAt = Date.now();
      setSilent(Date.now() - aliveAt > limit);
    }, CHECK_EVERY_MS);
    return () => clearInterval(timer);
  }, [isDead, listening]);
  return silent;
}
