import { Button, Group, Menu, Stack, Text, Tooltip } from "@mantine/core";
import { IconChevronDown, IconPlayerPauseFilled, IconPlayerPlayFilled } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { AgentDesk } from "../../api/types.ts";
import { stateColour, stateSince, useStateWord } from "../../components/agent-state.tsx";
import { Elapsed, Remaining } from "../../components/timers.tsx";
import { word } from "../../i18n/index.ts";
import type { Ask } from "./ask.ts";
import { useHindrance } from "./use-hindrance.ts";

interface Props {
  desk: AgentDesk;
  ask: Ask;
  busy: boolean;
}

/** The agent's state in large, and the two buttons that change it. */
export function StateCard({ desk, ask, busy }: Props) {
  const { t } = useTranslation();
  const { agent } = desk;
  const stateWord = useStateWord();
  const since = stateSince(agent);
  const colour = stateColour(agent.state);
  const occupied = ["offered", "talking", "wrap_up"].includes(agent.state);
  const hindrance = useHindrance(agent);

  return (
    <section
      className="panel"
      aria-label={t("agent.state.label")}
      style={{ borderTop: `4px solid ${colour}`, padding: "var(--mantine-spacing-md)" }}
    >
      <Group justify="space-between" align="baseline" wrap="nowrap" gap="xs">
        <div
          role="status"
          data-testid="agent-state"
          data-state={agent.state}
          style={{ fontSize: 28, fontWeight: 700, lineHeight: 1.2, color: colour }}
        >
          {stateWord(agent)}
        </div>
        {since !== null && (
          <div style={{ fontSize: 28, fontWeight: 600, lineHeight: 1.2 }}>
            <Elapsed since={since} />
          </div>
        )}
      </Group>
      <Text className="quiet" size="sm" mih={22}>
        {agent.state === "paused" && word(t, "pauseReason", agent.reason)}
        {agent.state === "wrap_up" && agent.until !== null && <WrapUpLeft until={agent.until} />}
      </Text>

      <Group grow gap="xs" mt="xs" wrap="nowrap">
        <Tooltip
          label={hindrance ? t(`agent.state.cannot.${hindrance}`) : t("agent.state.readyHint")}
          disabled={agent.state === "ready"}
        >
          <Button
            size="md"
            color="green.8"
            leftSection={<IconPlayerPlayFilled size={16} />}
            disabled={hindrance !== null || agent.state === "ready" || occupied}
            loading={busy && !occupied && agent.state !== "ready"}
            onClick={() => ask({ request: "ready" })}
            data-testid="ready-button"
          >
            {t("agent.state.ready")}
          </Button>
        </Tooltip>
        <PauseMenu desk={desk} ask={ask} occupied={occupied} />
      </Group>

      {hindrance && agent.state !== "signed_out" && !occupied && (
        <Text
          size="sm"
          mt="xs"
          c={hindrance === "leg" ? "dimmed" : "red.8"}
          role="alert"
          data-testid="ready-hindrance"
        >
          {t(`agent.state.cannot.${hindrance}`)}
        </Text>
      )}
      {agent.pause_next && (
        <Group mt="xs" gap="xs" justify="space-between">
          <Text size="sm" fw={600}>
            {t("agent.state.pauseNext", { reason: word(t, "pauseReason", agent.pause_next) })}
          </Text>
          <Button size="compact-xs" variant="default" onClick={() => ask({ request: "ready" })}>
            {t("agent.state.cancelPause")}
          </Button>
        </Group>
      )}
    </section>
  );
}

function WrapUpLeft({ until }: { until: number }) {
  const { t } = useTranslation();
  const [before, after] = t("agent.state.wrapUpLeft", { time: "\u0000" }).split("\u0000");
  return (
    <>
      {before}
      <Remaining until={until} />
      {after}
    </>
  );
}

function PauseMenu({ desk, ask, occupied }: { desk: AgentDesk; ask: Ask; occupied: boolean }) {
  const { t } = useTranslation();
  const reasons = desk.pause_reasons;
  return (
    <Menu width="target" position="bottom-end">
      <Menu.Target>
        <Button
          size="md"
          px="sm"
          variant="default"
          leftSection={occupied ? null : <IconPlayerPauseFilled size={16} />}
          rightSection={<IconChevronDown size={14} />}
          disabled={desk.agent.state === "signed_out"}
          data-testid="pause-button"
        >
          {occupied ? t("agent.state.pauseAfter") : t("agent.state.pause")}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Stack gap={0}>
          <Menu.Label>{t("agent.state.chooseReason")}</Menu.Label>
          {reasons.map((reason) => (
            <Menu.Item
              key={reason}
              onClick={() => ask({ request: "pause", reason })}
              data-testid={`pause-${reason}`}
            >
              {word(t, "pauseReason", reason)}
            </Menu.Item>
          ))}
        </Stack>
      </Menu.Dropdown>
    </Menu>
  );
}
