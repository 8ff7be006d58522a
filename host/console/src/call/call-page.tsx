import { Alert, Box, Button, Group, Radio, Stack, Text, Title } from "@mantine/core";
import { IconMicrophone, IconMicrophoneOff, IconPhone, IconPhoneOff } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { explain } from "../api/problem.ts";
import type { PublicTenant } from "../api/types.ts";
import { duration } from "../components/format.ts";
import { LevelBar } from "../components/level-bar.tsx";
import { word } from "../i18n/index.ts";
import { useNow } from "../live/clock.ts";
import { CallSession, type CallView, NO_CALL } from "./call-session.ts";
import { KeyPad } from "./key-pad.tsx";

interface Props {
  tenant: string;
  page: PublicTenant;
}

const OPEN = ["microphone", "connecting", "ringing", "answered"];

/** Call one of a tenant's lines from the browser. */
export function CallPage({ tenant, page }: Props) {
  const { t } = useTranslation();
  const [number, setNumber] = useState(page.lines[0]?.number ?? "");
  const [session, setSession] = useState<CallSession | null>(null);
  const [view, setView] = useState<CallView>(NO_CALL);
  const open = OPEN.includes(view.state);

  useEffect(() => {
    if (!session) return;
    const leave = () => session.hangUp();
    addEventListener("pagehide", leave);
    return () => removeEventListener("pagehide", leave);
  }, [session]);

  const call = () => {
    const created = new CallSession(setView);
    setView(NO_CALL);
    setSession(created);
    void created.start(tenant, number, page.ice_servers);
  };

  if (page.lines.length === 0) return <Text>{t("call.noLines")}</Text>;
  return (
    <Stack gap="md">
      <div>
        <Title order={1} fz={24} lh={1.25}>
          {t("call.title", { name: page.display_name })}
        </Title>
        <Text className="quiet">{t("call.lead")}</Text>
      </div>
      {page.lines.length > 1 && (
        <Radio.Group label={t("call.line")} value={number} onChange={setNumber}>
          <Stack gap={6} mt={6}>
            {page.lines.map((line) => (
              <Radio
                key={line.number}
                value={line.number}
                label={`${line.number} · ${line.flow}`}
                disabled={open}
              />
            ))}
          </Stack>
        </Radio.Group>
      )}
      <State view={view} />
      {open ? (
        <Group grow gap="sm">
          <Button
            size="lg"
            px="sm"
            color="red.8"
            leftSection={<IconPhoneOff size={20} />}
            onClick={() => session?.hangUp()}
            data-testid="hang-up"
          >
            {t("call.hangUp")}
          </Button>
          <Button
            size="lg"
            px="sm"
            variant={view.muted ? "filled" : "default"}
            color="orange.8"
            aria-pressed={view.muted}
            disabled={view.state !== "answered"}
            leftSection={
              view.muted ? <IconMicrophoneOff size={20} /> : <IconMicrophone size={20} />
            }
            onClick={() => session?.mute(!view.muted)}
            data-testid="mute"
          >
            {view.muted ? t("call.unmute") : t("call.mute")}
          </Button>
        </Group>
      ) : (
        <Button
          size="lg"
          color="green.8"
          leftSection={<IconPhone size={20} />}
          onClick={call}
          data-testid="call-button"
        >
          {view.state === "idle"
            ? `${t("call.call")} ${page.lines.length === 1 ? number : ""}`
            : t("call.callAgain")}
        </Button>
      )}
      {session && open && (
        <>
          <KeyPad disabled={view.state !== "answered"} press={(key) => session.press(key)} />
          <Levels session={session} />
        </>
      )}
    </Stack>
  );
}

function State({ view }: { view: CallView }) {
  const { t } = useTranslation();
  const now = useNow();
  const length = view.answeredAt ? (view.endedAt ?? now) - view.answeredAt : null;
  const said = view.error ? explain(view.error, t) : null;
  return (
    <Box>
      <Group justify="space-between" gap="xs">
        <Text
          fw={650}
          fz="lg"
          role="status"
          className={view.state === "ringing" ? "attention" : undefined}
          data-testid="call-state"
          data-state={view.state}
          data-reason={view.reason ?? ""}
        >
          {t(`call.state.${view.state}`)}
        </Text>
        {length !== null && (
          <Text fw={600} fz="lg" className="figures">
            {duration(length)}
          </Text>
        )}
      </Group>
      {view.state === "ended" && view.reason && (
        <Text size="sm" className="quiet">
          {word(t, "endReason", view.reason)}
        </Text>
      )}
      {(view.problem || said) && (
        <Alert color="red" role="alert" mt="xs" data-testid="call-problem">
          {view.problem ? t(`call.problem.${view.problem}`) : said}
        </Alert>
      )}
    </Box>
  );
}

function Levels({ session }: { session: CallSession }) {
  const { t } = useTranslation();
  return (
    <Stack gap={6}>
      <Text size="xs" className="quiet">
        {t("call.level")}
      </Text>
      <LevelBar read={session.microphoneLevel} label={t("call.level")} testId="microphone-level" />
      <Text size="xs" className="quiet">
        {t("call.heard")}
      </Text>
      <LevelBar read={session.remoteLevel} label={t("call.heard")} testId="remote-level" />
    </Stack>
  );
}
