import { useEffect, useRef } from "react";

/** Runs `action` at Alt and a key, wherever the focus is, while the caller is on the page. */
export function useShortcut(code: string, action: () => void): void {
  const latest = useRef(action);
  latest.current = action;
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if (!event.altKey || event.ctrlKey || event.metaKey || event.repeat) return;
      if (event.code !== code) return;
      event.preventDefault();
      latest.current();
    };
    addEventListener("keydown", listen);
    return () => removeEventListener("keydown", listen);
  }, [code]);
}
