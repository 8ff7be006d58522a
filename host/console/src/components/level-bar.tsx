import { useEffect, useRef } from "react";

interface Props {
  /** From 0 to 1; asked ten times a second. */
  read: () => number;
  label: string;
  testId?: string;
}

const BARS = 24;

/** A level meter. Drawn outside React: it moves ten times a second. */
export function LevelBar({ read, label, testId }: Props) {
  const root = useRef<HTMLDivElement>(null);
  useEffect(() => {
    let shown = 0;
    const timer = setInterval(() => {
      const level = read();
      shown = Math.max(level, shown * 0.8);
      const element = root.current;
      if (!element) return;
      element.setAttribute("aria-valuenow", String(Math.round(level * 100)));
      const lit = Math.round(shown * BARS);
      for (const [index, bar] of [...element.children].entries()) {
        (bar as HTMLElement).style.opacity = index < lit ? "1" : "0.18";
      }
    }, 100);
    return () => clearInterval(timer);
  }, [read]);

  return (
    <div
      ref={root}
      role="meter"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={0}
      data-testid={testId}
      style={{ display: "flex", gap: 2, height: 14, alignItems: "stretch" }}
    >
      {Array.from({ length: BARS }, (_, index) => (
        <span
          key={index}
          style={{
            flex: 1,
            borderRadius: 2,
            opacity: 0.18,
            background: index > BARS * 0.88 ? "var(--state-offered)" : "var(--state-ready)",
          }}
        />
      ))}
    </div>
  );
}
