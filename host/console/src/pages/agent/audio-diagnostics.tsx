import { ActionIcon, Popover, Table, Tooltip } from "@mantine/core";
import { IconActivity } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { type AudioStatistics, NO_STATISTICS } from "../../audio/statistics.ts";
import { useStandingLeg } from "../../audio/use-standing-leg.tsx";

const REFRESH_MS = 500;

/** What the audio leg carries, for whoever looks into a complaint about sound. */
export function AudioDiagnostics() {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  return (
    <Popover opened={open} onChange={setOpen} position="bottom-end" withArrow shadow="md">
      <Popover.Target>
        <Tooltip label={t("agent.audio.diagnostics")}>
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label={t("agent.audio.diagnostics")}
            aria-expanded={open}
            onClick={() => setOpen((before) => !before)}
            data-testid="audio-diagnostics-button"
          >
            <IconActivity size={18} />
          </ActionIcon>
        </Tooltip>
      </Popover.Target>
      <Popover.Dropdown p="xs">
        <Figures />
      </Popover.Dropdown>
    </Popover>
  );
}

function Figures() {
  const { t } = useTranslation();
  const audio = useStandingLeg();
  const leg = audio?.leg;
  const [figures, setFigures] = useState<AudioStatistics>(NO_STATISTICS);

  useEffect(() => {
    if (!leg) return;
    const refresh = () => void leg.statistics().then(setFigures);
    refresh();
    const timer = setInterval(refresh, REFRESH_MS);
    return () => clearInterval(timer);
  }, [leg]);

  const ms = (value: number | null) =>
    value === null ? "–" : t("agent.audio.ms", { value: value.toFixed(1) });
  const rows = [
    ["packets-sent", t("agent.audio.figures.sent"), figures.packetsSent, figures.packetsSent],
    [
      "packets-received",
      t("agent.audio.figures.received"),
      figures.packetsReceived,
      figures.packetsReceived,
    ],
    ["packets-lost", t("agent.audio.figures.lost"), figures.packetsLost, figures.packetsLost],
    ["jitter", t("agent.audio.figures.jitter"), ms(figures.jitterMs), figures.jitterMs],
    [
      "round-trip",
      t("agent.audio.figures.roundTrip"),
      ms(figures.roundTripMs),
      figures.roundTripMs,
    ],
    [
      "send-level",
      t("agent.audio.figures.sendLevel"),
      figures.sendLevel.toFixed(2),
      figures.sendLevel,
    ],
    [
      "receive-level",
      t("agent.audio.figures.receiveLevel"),
      figures.receiveLevel.toFixed(2),
      figures.receiveLevel,
    ],
    ["codec", t("agent.audio.figures.codec"), figures.codec || "–", figures.codec],
  ] as const;

  return (
    <Table
      fz="xs"
      verticalSpacing={3}
      withRowBorders={false}
      data-testid="audio-diagnostics"
      data-received-energy={figures.receivedEnergy}
    >
      <Table.Tbody>
        {rows.map(([name, label, shown, value]) => (
          <Table.Tr key={name}>
            <Table.Th fw={400}>{label}</Table.Th>
            <Table.Td className="number" data-figure={name} data-value={value ?? ""}>
              {shown}
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
