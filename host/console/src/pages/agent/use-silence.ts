import { useEffect, useState } from "react";
import { isMeasuring } from "../../audio/level.ts";

const CHECK_EVERY_MS = 250;
/** A live microphone always has some noise; exact silence for this long means that it is muted. */
const SILENT_AFTER_MS = 5_000;

/** Whether a microphone that should be heard has been perfectly silent for a while. */
export function useSilence(read: () => number, listening: boolean): boolean {
  const [silent, setSilent] = useState(false);
  useEffect(() => {
    setSilent(false);
    if (!listening) return;
    let heardAt = Date.now();
    const timer = setInterval(() => {
      // A page that was asleep, or may not listen yet, says nothing about the microphone.
      if (read() > 0 || document.hidden || !isMeasuring()) heardAt = Date.now();
      setSilent(Date.now() - heardAt > SILENT_AFTER_MS);
    }, CHECK_EVERY_MS);
    return () => clearInterval(timer);
  }, [read, listening]);
  return silent;
}
