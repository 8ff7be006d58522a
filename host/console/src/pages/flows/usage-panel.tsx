import { Badge, Group, Progress, Table, Text, Tooltip } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Metered, PluginStatus } from "../../api/types.ts";
import { count } from "../../components/format.ts";
import { Panel } from "../../components/panel.tsx";
import { Empty, Loaded } from "../../components/states.tsx";
import { usePluginUsage } from "./queries.ts";

/** What each version used since the host started, to the instruction. */
export function UsagePanel({ row }: { row: PluginStatus }) {
  const { t } = useTranslation();
  const usage = usePluginUsage();
  return (
    <Panel title={t("flows.usage")} flush testId="usage">
      <Loaded of={usage}>
        {(all) => {
          const rows = all.filter(
            (each) => each.kind === row.kind && each.version.name === row.name,
          );
          return rows.length === 0 ? <Empty>{t("flows.unused")}</Empty> : <Rows rows={rows} />;
        }}
      </Loaded>
    </Panel>
  );
}

function Rows({ rows }: { rows: Metered[] }) {
  const { t, i18n } = useTranslation();
  const number = (value: number) => count(Math.round(value), i18n.language);
  const most = Math.max(1, ...rows.map((row) => row.fuel));
  return (
    <div className="scroll-x">
      <Table>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t("flows.column.version")}</Table.Th>
            <Table.Th ta="right">{t("flows.calledHow")}</Table.Th>
            <Table.Th miw={180}>{t("flows.fuel")}</Table.Th>
            <Table.Th ta="right">{t("flows.fuelMost")}</Table.Th>
            <Table.Th ta="right">{t("flows.memoryMost")}</Table.Th>
            <Table.Th ta="right">{t("flows.meanTime")}</Table.Th>
            <Table.Th>{t("flows.faults")}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((row) => (
            <Table.Tr key={`${row.label}/${row.purpose}`} data-usage={row.label}>
              <Table.Td>
                <Text size="sm" ff="monospace">
                  {row.label}
                </Text>
                {row.purpose !== "contacts" && (
                  <Badge variant="light" color="gray" tt="none">
                    {t(`usage.purpose.${row.purpose}`)}
                  </Badge>
                )}
                {row.suspended && (
                  <Tooltip label={t("flows.suspendedHelp")} multiline maw={320}>
                    <Badge color="red.8" tt="none">
                      {t("flows.suspended")}
                    </Badge>
                  </Tooltip>
                )}
              </Table.Td>
              <Table.Td ta="right" className="figures">
                {number(row.calls)}
              </Table.Td>
              <Table.Td>
                <Progress value={(100 * row.fuel) / most} size="sm" aria-label={t("flows.fuel")} />
                <Text size="xs" className="figures quiet">
                  {number(row.fuel)}
                </Text>
              </Table.Td>
              <Table.Td ta="right" className="figures">
                {number(row.most_fuel)}
              </Table.Td>
              <Table.Td ta="right" className="figures">
                {t("flows.kib", { size: number(row.most_memory_bytes / 1024) })}
              </Table.Td>
              <Table.Td ta="right" className="figures">
                {t("flows.micros", { time: number(row.took_us / Math.max(1, row.calls)) })}
              </Table.Td>
              <Table.Td>
                <Group gap={4}>
                  {Object.entries(row.faults).map(([kind, times]) => (
                    <Badge key={kind} color="red" variant="light" tt="none">
                      {t(`flows.fault.${kind as keyof Metered["faults"] & FaultWord}`)} ×{" "}
                      {number(times)}
                    </Badge>
                  ))}
                </Group>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </div>
  );
}

type FaultWord =
  | "not_loaded"
  | "out_of_fuel"
  | "timed_out"
  | "out_of_memory"
  | "stack_overflow"
  | "trapped"
  | "too_much"
  | "nonsense"
  | "declared"
  | "overloaded"
  | "suspended";
