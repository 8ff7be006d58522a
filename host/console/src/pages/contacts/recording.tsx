import { Alert, Anchor, Group, SegmentedControl, Stack, Text } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { useCallback, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Contact } from "../../api/types.ts";
import { Panel } from "../../components/panel.tsx";
import { Empty } from "../../components/states.tsx";
import { Waveform } from "./waveform.tsx";

/** Longer recordings are played without their waveform: decoding them would fill the memory. */
const WAVEFORM_LIMIT_MS = 30 * 60_000;

/** The stereo recording: left what the customer says, right what the customer hears. */
export function Recording({ contact }: { contact: Contact }) {
  const { t } = useTranslation();
  const audio = useRef<HTMLAudioElement>(null);
  const [failed, setFailed] = useState(false);
  const [speed, setSpeed] = useState("1");
  const seek = useCallback((seconds: number) => {
    if (!audio.current) return;
    audio.current.currentTime = seconds;
    void audio.current.play().catch(() => undefined);
  }, []);
  const position = useCallback(() => audio.current?.currentTime ?? 0, []);

  if (contact.recordings.length === 0 && !contact.has_recording) {
    return (
      <Panel title={t("contacts.recording.title")}>
        <Empty>
          {contact.ended_at === null ? t("contacts.recording.later") : t("contacts.recording.none")}
        </Empty>
      </Panel>
    );
  }
  const source = `/api/v1/contacts/${contact.id}/recording`;
  const length = contact.recordings.reduce((sum, each) => sum + (each.length_ms ?? 0), 0);
  return (
    <Panel
      title={t("contacts.recording.title")}
      testId="recording"
      aside={
        <Anchor href={source} download={`${contact.id}.wav`} size="sm">
          <Group gap={4}>
            <IconDownload size={14} />
            {t("contacts.recording.download")}
          </Group>
        </Anchor>
      }
    >
      <Stack gap="xs">
        {length > 0 && length <= WAVEFORM_LIMIT_MS && (
          <Waveform source={source} position={position} seek={seek} />
        )}
        {/* A phone call has no captions until it is transcribed. */}
        <audio
          ref={audio}
          controls
          preload="metadata"
          src={source}
          style={{ width: "100%", height: 40 }}
          onError={() => setFailed(true)}
          aria-label={t("contacts.recording.title")}
        />
        {failed && <Alert color="red">{t("contacts.recording.failed")}</Alert>}
        <Group gap="xs">
          <Text size="xs" className="quiet">
            {t("contacts.recording.speed")}
          </Text>
          <SegmentedControl
            size="xs"
            aria-label={t("contacts.recording.speed")}
            value={speed}
            data={["1", "1.25", "1.5", "2"].map((value) => ({ value, label: `${value}×` }))}
            onChange={(value) => {
              setSpeed(value);
              if (audio.current) audio.current.playbackRate = Number(value);
            }}
          />
        </Group>
      </Stack>
    </Panel>
  );
}
