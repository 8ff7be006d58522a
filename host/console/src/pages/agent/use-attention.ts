import { useEffect } from "react";
import { startRinging } from "../../audio/ring.ts";

/** Rings, marks the tab, and tells the system's desktop when the page is not looked at. */
export function useAttention(title: string, body: string): void {
  useEffect(() => {
    const stopRinging = startRinging();
    const before = document.title;
    let marked = false;
    const flash = setInterval(() => {
      marked = !marked;
      document.title = marked ? `● ${title}` : title;
    }, 700);
    const notification = document.hidden ? show(title, body) : undefined;
    return () => {
      stopRinging();
      clearInterval(flash);
      document.title = before;
      notification?.close();
    };
  }, [title, body]);
}

function show(title: string, body: string): Notification | undefined {
  if (!("Notification" in window) || Notification.permission !== "granted") return undefined;
  try {
    const notification = new Notification(title, { body, icon: "/hotline.svg", tag: "offer" });
    notification.onclick = () => {
      window.focus();
      notification.close();
    };
    return notification;
  } catch {
    // Some mobile browsers offer notifications to service workers only.
    return undefined;
  }
}
