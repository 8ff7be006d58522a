import { Button, Group, Stack, Text } from "@mantine/core";
import { IconBell, IconHeadset, IconPlayerPause } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { AgentStateName } from "../../api/types.ts";

/** Nothing to do: says what happens next, and offers notifications once. */
export function IdlePanel({ state }: { state: AgentStateName }) {
  const { t } = useTranslation();
  const ready = state === "ready";
  const Icon = ready ? IconHeadset : IconPlayerPause;
  const [title, hint] = ready
    ? [t("agent.idle.ready"), t("agent.idle.readyHint")]
    : state === "paused"
      ? [t("agent.idle.paused"), t("agent.idle.pausedHint")]
      : [t("agent.idle.signedOut"), ""];
  return (
    <section className="panel" data-testid="idle">
      <Stack align="center" gap={4} p="lg">
        <Icon
          size={30}
          stroke={1.4}
          color={ready ? "var(--state-ready)" : "var(--hotline-quiet)"}
        />
        <Text fw={650} fz="lg" ta="center">
          {title}
        </Text>
        <Text size="sm" className="quiet" ta="center">
          {hint}
        </Text>
        <NotificationOffer />
      </Stack>
    </section>
  );
}

function NotificationOffer() {
  const { t } = useTranslation();
  const supported = "Notification" in window && window.isSecureContext;
  const [permission, setPermission] = useState(supported ? Notification.permission : "denied");
  if (permission !== "default") return null;
  return (
    <Group gap="xs" mt="sm" justify="center">
      <Text size="sm">{t("agent.offer.notifications")}</Text>
      <Button
        size="compact-sm"
        variant="default"
        leftSection={<IconBell size={14} />}
        onClick={() => void Notification.requestPermission().then(setPermission)}
      >
        {t("agent.offer.enable")}
      </Button>
    </Group>
  );
}
