import { Anchor, Badge, Button, Code, CopyButton, Group, List, Stack, Text } from "@mantine/core";
import { IconCopy, IconDownload } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { KeptFault, PluginStatus } from "../../api/types.ts";
import { versionLabel } from "../../api/types.ts";
import { count, instant } from "../../components/format.ts";
import { Panel } from "../../components/panel.tsx";
import { Empty, Loaded } from "../../components/states.tsx";
import { word } from "../../i18n/index.ts";
import { useFaults } from "./queries.ts";

/** What a plugin failed at lately, and how its author sees the same again. */
export function FaultsPanel({ row }: { row: PluginStatus }) {
  const { t } = useTranslation();
  const faults = useFaults(row);
  const { last, hours } = row.settings.recording;
  return (
    <Panel title={t("faults.title")} testId="plugin-faults">
      <Loaded of={faults}>
        {(rows) =>
          rows.length === 0 ? (
            <Empty>{last > 0 && hours > 0 ? t("faults.none") : t("faults.notRecorded")}</Empty>
          ) : (
            <Stack gap="lg">
              <Text size="sm" className="quiet">
                {t("faults.lead")}
              </Text>
              {rows.map((fault) => (
                <Fault key={fault.id} row={row} fault={fault} />
              ))}
            </Stack>
          )
        }
      </Loaded>
    </Panel>
  );
}

function Fault({ row, fault }: { row: PluginStatus; fault: KeptFault }) {
  const { t, i18n } = useTranslation();
  const file = `/api/v1/plugins/${row.kind}/${encodeURIComponent(row.name)}/faults/${fault.id}`;
  return (
    <Stack gap={6} data-fault={fault.id} className="fault">
      <Group gap="xs">
        <Badge color="red.8" tt="none">
          {word(t, "flows.fault", fault.kind)}
        </Badge>
        <Text size="sm">
          {t("faults.at", {
            time: instant(fault.at, i18n.language),
            version: fault.version ? versionLabel(fault.version) : row.name,
            function: fault.function,
          })}
        </Text>
        <Text size="sm" className="quiet figures">
          {t("faults.fuel", {
            fuel: count(fault.usage.fuel, i18n.language),
            memory: count(Math.round(fault.usage.memory_bytes / 1_024), i18n.language),
          })}
        </Text>
        {fault.contact && (
          <Anchor component={Link} to={`/contacts/${fault.contact}`} size="sm">
            {t("faults.contact")}
          </Anchor>
        )}
      </Group>
      <Text size="sm" style={{ overflowWrap: "anywhere" }}>
        {fault.message}
      </Text>
      {fault.backtrace.length > 0 ? (
        <div>
          <Text size="xs" fw={650}>
            {t("faults.backtrace")}
          </Text>
          <List type="ordered" size="sm" ff="monospace">
            {fault.backtrace.map((frame, depth) => (
              <List.Item key={depth} style={{ overflowWrap: "anywhere" }}>
                {frame}
              </List.Item>
            ))}
          </List>
        </div>
      ) : (
        <Text size="xs" className="quiet">
          {t("faults.noBacktrace")}
        </Text>
      )}
      <Text size="xs" fw={650}>
        {t("faults.command")}
      </Text>
      {fault.kind === "timed_out" && (
        <Text size="xs" data-testid="not-reproducible">
          {t("faults.timedOut")}
        </Text>
      )}
      <Group gap="xs" align="flex-start">
        <Code block flex={1} miw={220} style={{ whiteSpace: "pre-wrap", overflowWrap: "anywhere" }}>
          {fault.command}
        </Code>
        <CopyButton value={fault.command}>
          {({ copied, copy }) => (
            <Button size="xs" variant="default" leftSection={<IconCopy size={15} />} onClick={copy}>
              {copied ? t("copied") : t("copy")}
            </Button>
          )}
        </CopyButton>
        <Button
          size="xs"
          variant="default"
          component="a"
          href={file}
          download
          leftSection={<IconDownload size={15} />}
        >
          {t("faults.download")}
        </Button>
      </Group>
    </Stack>
  );
}
