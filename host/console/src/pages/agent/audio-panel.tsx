import { Alert, Button, Group, SegmentedControl, Select, Stack, Text } from "@mantine/core";
import { IconDeviceLandlinePhone, IconMicrophoneOff, IconWorld } from "@tabler/icons-react";
import { useCallback, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import type { AgentLive, Device } from "../../api/types.ts";
import { listMicrophones } from "../../audio/microphone.ts";
import { useStandingLeg } from "../../audio/use-standing-leg.tsx";
import { LevelBar } from "../../components/level-bar.tsx";
import { Panel } from "../../components/panel.tsx";
import type { Ask } from "./ask.ts";
import { AudioDiagnostics } from "./audio-diagnostics.tsx";
import { useSilence } from "./use-silence.ts";

/** With what the agent speaks, and whether it works. A fault is told here before a caller meets it. */
export function AudioPanel({ agent, ask }: { agent: AgentLive; ask: Ask }) {
  const { t } = useTranslation();
  const free = agent.state === "paused" || agent.state === "ready";
  return (
    <Panel
      title={t("agent.audio.title")}
      aside={agent.device === "browser" && <AudioDiagnostics />}
    >
      <Stack gap="sm">
        <SegmentedControl
          fullWidth
          size="sm"
          aria-label={t("agent.device.label")}
          value={agent.device}
          disabled={!free}
          onChange={(device) => ask({ request: "use_device", device: device as Device })}
          data={[
            { value: "browser", label: <Choice icon={IconWorld} text={t("device.browser")} /> },
            {
              value: "desk_phone",
              label: <Choice icon={IconDeviceLandlinePhone} text={t("device.desk_phone")} />,
            },
          ]}
          data-testid="device"
        />
        {agent.device === "browser" ? <BrowserAudio /> : <DeskPhone up={agent.desk_phone_up} />}
      </Stack>
    </Panel>
  );
}

function Choice({ icon: Icon, text }: { icon: typeof IconWorld; text: string }) {
  return (
    <Group gap={6} justify="center" wrap="nowrap">
      <Icon size={16} />
      {text}
    </Group>
  );
}

function DeskPhone({ up }: { up: boolean }) {
  const { t } = useTranslation();
  return up ? (
    <Line label={t("device.desk_phone")} good value={t("agent.device.deskPhoneUp")} />
  ) : (
    <Alert color="red" role="alert">
      {t("agent.device.deskPhoneDown")}
    </Alert>
  );
}

function BrowserAudio() {
  const { t } = useTranslation();
  const audio = useStandingLeg();
  const leg = audio?.leg;
  const view = audio?.view;
  const read = useCallback(() => leg?.level() ?? 0, [leg]);
  const [microphones, setMicrophones] = useState<{ id: string; label: string }[]>([]);

  useEffect(() => {
    const refresh = () => void listMicrophones().then(setMicrophones);
    if (view?.microphoneId) refresh();
    navigator.mediaDevices?.addEventListener("devicechange", refresh);
    return () => navigator.mediaDevices?.removeEventListener("devicechange", refresh);
  }, [view?.microphoneId]);

  const open = view !== undefined && ["connecting", "connected", "lost"].includes(view.state);
  const isDead = useCallback(() => leg?.isDead() ?? true, [leg]);
  const silent = useSilence(isDead, open && !view.muted);
  if (!leg || !view) return null;

  const status =
    view.state === "no_microphone"
      ? "broken"
      : view.state === "asking_microphone"
        ? "asking"
        : view.state === "off" || view.state === "elsewhere"
          ? "off"
          : silent
            ? "silent"
            : "ok";

  return (
    <Stack gap="xs">
      {view.state === "no_microphone" && (
        <Alert
          color="red"
          variant="filled"
          icon={<IconMicrophoneOff />}
          title={t("agent.audio.callers")}
          role="alert"
          data-testid="microphone-problem"
        >
          <Text size="sm">{t(`agent.audio.problem.${view.problem ?? "no_device"}`)}</Text>
          <Button size="xs" mt="xs" variant="white" color="red" onClick={() => void leg.start()}>
            {t("agent.audio.retry")}
          </Button>
        </Alert>
      )}
      {view.state === "elsewhere" && (
        <Alert color="blue" role="status" data-testid="audio-elsewhere">
          <Text size="sm">{t("agent.audio.elsewhere")}</Text>
          <Button size="xs" mt="xs" variant="default" onClick={() => void leg.start()}>
            {t("agent.audio.useHere")}
          </Button>
        </Alert>
      )}
      {status === "silent" && (
        <Alert color="orange" icon={<IconMicrophoneOff size={18} />} role="alert">
          {t("agent.audio.silent")}
        </Alert>
      )}
      {status === "asking" && <Alert color="blue">{t("agent.audio.allow")}</Alert>}
      <div>
        <Line
          label={t("agent.audio.microphone")}
          value={t(`agent.audio.status.${status}`)}
          good={status === "ok"}
          bad={status === "broken" || status === "silent"}
          testId="microphone-status"
          state={status}
        />
        <Line
          label={t("agent.audio.leg")}
          value={t(`agent.audio.state.${view.state}`)}
          good={view.state === "connected"}
          bad={view.state === "lost" || view.state === "no_microphone"}
          testId="audio-leg-state"
          state={view.state}
        />
      </div>
      <LevelBar read={read} label={t("agent.audio.level")} testId="microphone-level" />
      {microphones.length > 0 && (
        <Select
          size="xs"
          aria-label={t("agent.audio.choose")}
          allowDeselect={false}
          value={microphones.some(({ id }) => id === view.microphoneId) ? view.microphoneId : null}
          placeholder={view.microphone || t("agent.audio.default")}
          data={microphones.map(({ id, label }) => ({ value: id, label: label || id }))}
          onChange={(id) => id && void leg.takeUpMicrophone(id)}
        />
      )}
    </Stack>
  );
}

interface LineProps {
  label: string;
  value: string;
  good?: boolean;
  bad?: boolean;
  testId?: string;
  state?: string;
}

function Line({ label, value, good, bad, testId, state }: LineProps) {
  const colour = good ? "var(--state-ready)" : bad ? "var(--state-bad)" : "var(--state-paused)";
  return (
    <Group justify="space-between" gap="xs" py={3}>
      <Text size="sm" className="quiet">
        {label}
      </Text>
      <Group
        gap={7}
        data-testid={testId}
        data-state={state}
        role="status"
        aria-label={`${label}: ${value}`}
      >
        <span
          aria-hidden
          style={{ width: 9, height: 9, borderRadius: "50%", background: colour }}
        />
        <Text size="sm" fw={600}>
          {value}
        </Text>
      </Group>
    </Group>
  );
}
