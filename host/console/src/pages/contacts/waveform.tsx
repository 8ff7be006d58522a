import { Text } from "@mantine/core";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { peaks } from "./peaks.ts";

interface Props {
  source: string;
  /** Where the player is, in seconds. */
  position: () => number;
  seek: (seconds: number) => void;
}

const LANE_HEIGHT = 44;
const COLUMNS = 400;

/** Two lanes drawn from the decoded recording, with the player's position over them. */
export function Waveform({ source, position, seek }: Props) {
  const { t } = useTranslation();
  const canvas = useRef<HTMLCanvasElement>(null);
  const head = useRef<HTMLDivElement>(null);
  const [sound, setSound] = useState<AudioBuffer | null>(null);

  useEffect(() => {
    const abort = new AbortController();
    void (async () => {
      try {
        const response = await fetch(source, { signal: abort.signal });
        if (!response.ok) return;
        const decoder = new OfflineAudioContext(1, 1, 8_000);
        setSound(await decoder.decodeAudioData(await response.arrayBuffer()));
      } catch {
        // The player below says when a recording can not be played; it does without the picture.
      }
    })();
    return () => abort.abort();
  }, [source]);

  useEffect(() => {
    const context = canvas.current?.getContext("2d");
    if (!sound || !context) return;
    context.clearRect(0, 0, COLUMNS * 2, LANE_HEIGHT * 4);
    for (const lane of [0, 1]) {
      const samples = sound.getChannelData(Math.min(lane, sound.numberOfChannels - 1));
      context.fillStyle = lane === 0 ? "#2a979d" : "#9c6ade";
      const middle = LANE_HEIGHT * (1 + 2 * lane);
      for (const [column, peak] of peaks(samples, COLUMNS).entries()) {
        const height = Math.max(1, Math.sqrt(peak) * (LANE_HEIGHT - 2));
        context.fillRect(column * 2, middle - height, 1.4, height * 2);
      }
    }
  }, [sound]);

  useEffect(() => {
    if (!sound) return;
    const timer = setInterval(() => {
      if (head.current) head.current.style.left = `${(100 * position()) / sound.duration}%`;
    }, 100);
    return () => clearInterval(timer);
  }, [sound, position]);

  if (!sound) return null;
  const at = (x: number, element: Element) => {
    const box = element.getBoundingClientRect();
    seek(((x - box.left) / box.width) * sound.duration);
  };
  return (
    <div style={{ position: "relative" }}>
      <Text size="xs" fw={600} style={{ color: "#178389" }}>
        {t("contacts.recording.customer")}
      </Text>
      <div style={{ position: "relative", cursor: "pointer" }}>
        <canvas
          ref={canvas}
          width={COLUMNS * 2}
          height={LANE_HEIGHT * 4}
          role="img"
          aria-label={t("contacts.recording.wave")}
          style={{ width: "100%", height: LANE_HEIGHT * 2, display: "block" }}
          onPointerDown={(event) => at(event.clientX, event.currentTarget)}
        />
        <div
          ref={head}
          style={{
            position: "absolute",
            top: 0,
            bottom: 0,
            width: 2,
            background: "var(--state-offered)",
            pointerEvents: "none",
          }}
        />
      </div>
      <Text size="xs" fw={600} style={{ color: "#9c6ade" }}>
        {t("contacts.recording.heard")}
      </Text>
    </div>
  );
}
