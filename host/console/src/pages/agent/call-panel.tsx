import { Alert, Anchor, Button, Group, Kbd, SimpleGrid, Stack, Text, Title } from "@mantine/core";
import { IconMicrophone, IconMicrophoneOff, IconPhoneOff } from "@tabler/icons-react";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { ContactLive, Device, KnownCustomers, Work } from "../../api/types.ts";
import { useStandingLeg } from "../../audio/use-standing-leg.tsx";
import { Attributes } from "../../components/attributes.tsx";
import { Elapsed } from "../../components/timers.tsx";
import type { Ask } from "./ask.ts";
import { Customers } from "./customers.tsx";
import { useShortcut } from "./use-shortcut.ts";

interface Props {
  work: Extract<Work, { stage: "handling" }>;
  contact: ContactLive | undefined;
  customers: KnownCustomers[];
  device: Device;
  ask: Ask;
}

/** The conversation: with whom, for how long, mute and hang up. */
export function CallPanel({ work, contact, customers, device, ask }: Props) {
  const { t } = useTranslation();
  const hangUp = () => ask({ request: "hang_up", contact: work.contact });
  useShortcut("KeyH", hangUp);

  return (
    <section
      className="panel"
      aria-label={t("agent.call.title")}
      data-testid="call-panel"
      style={{ borderLeft: "4px solid var(--state-talking)" }}
    >
      <Stack p="md" gap="md">
        <Group justify="space-between" align="flex-start" wrap="nowrap">
          <div>
            <Text size="sm" fw={600} style={{ color: "var(--state-talking)" }}>
              {t("agent.call.title")}
            </Text>
            <Title order={1} fz={30} lh={1.2} style={{ overflowWrap: "anywhere" }}>
              {contact?.caller ?? "…"}
            </Title>
          </div>
          <Text fz={28} fw={600} lh={1.2}>
            <Elapsed since={work.since} />
          </Text>
        </Group>
        <Customers of={customers} />
        {contact && (
          <>
            <SimpleGrid cols={{ base: 2, sm: 4 }} spacing="xs">
              <Item label={t("agent.call.dialled")} value={contact.dialled} />
              <Item label={t("agent.call.channel")} value={t(`channel.${contact.channel}`)} />
              <Item label={t("agent.call.language")} value={contact.language ?? "–"} />
              <Item label={t("agent.call.flow")} value={contact.flow} />
            </SimpleGrid>
            <div>
              <Text size="xs" className="quiet" mb={4}>
                {t("agent.call.attributes")}
              </Text>
              {contact.attributes.length > 0 ? (
                <Attributes of={contact.attributes} />
              ) : (
                <Text size="sm" className="quiet">
                  {t("agent.call.noAttributes")}
                </Text>
              )}
            </div>
          </>
        )}
        <Group gap="sm">
          <Button
            size="lg"
            color="red.8"
            leftSection={<IconPhoneOff size={20} />}
            rightSection={<Kbd visibleFrom="sm">Alt H</Kbd>}
            onClick={hangUp}
            data-testid="hang-up"
          >
            {t("agent.call.hangUp")}
          </Button>
          {device === "browser" && <MuteButton />}
          <Anchor component={Link} to={`/contacts/${work.contact}`} size="sm" ml="auto">
            {t("agent.call.open")}
          </Anchor>
        </Group>
      </Stack>
    </section>
  );
}

function Item({ label, value }: { label: string; value: string }) {
  return (
    <div>
      <Text size="xs" className="quiet">
        {label}
      </Text>
      <Text size="sm" fw={600} style={{ overflowWrap: "anywhere" }}>
        {value}
      </Text>
    </div>
  );
}

function MuteButton() {
  const { t } = useTranslation();
  const audio = useStandingLeg();
  const leg = audio?.leg;
  const muted = audio?.view.muted ?? false;
  const toggle = () => leg?.mute(!muted);
  useShortcut("KeyM", toggle);
  const elsewhere = audio?.view.state === "elsewhere";

  // Nobody begins the next conversation muted.
  useEffect(() => () => leg?.mute(false), [leg]);

  // The microphone is another window's.
  if (elsewhere) return null;
  return (
    <>
      <Button
        size="lg"
        variant={muted ? "filled" : "default"}
        color="orange.8"
        leftSection={muted ? <IconMicrophoneOff size={20} /> : <IconMicrophone size={20} />}
        rightSection={<Kbd visibleFrom="sm">Alt M</Kbd>}
        aria-pressed={muted}
        onClick={toggle}
        data-testid="mute"
      >
        {muted ? t("agent.call.unmute") : t("agent.call.mute")}
      </Button>
      {muted && (
        <Alert color="orange" py={6} role="status">
          {t("agent.call.muted")}
        </Alert>
      )}
    </>
  );
}
