import { Table, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { PluginKind, PluginPlan } from "../../api/types.ts";
import { count } from "../../components/format.ts";
import { Panel } from "../../components/panel.tsx";
import { Loaded } from "../../components/states.tsx";
import { usePlan } from "./queries.ts";

/** Which calls a plugin of a kind is asked by. A language's scripts step as flows do. */
const CALLS: Record<PluginKind, PluginPlan["limits"][number]["call"][]> = {
  flow: ["flow_step"],
  language: ["flow_step"],
  policy: ["routing"],
  qa: ["qa", "qa_live"],
  connector: ["connector"],
};

/** What one call of such a plugin may use: the operator's word, shown to the tenant. */
export function PlanPanel({ kind }: { kind: PluginKind }) {
  const { t, i18n } = useTranslation();
  const plan = usePlan();
  const number = (value: number) => count(value, i18n.language);
  return (
    <Panel
      title={t("flows.plan.title")}
      aside={
        <Text size="sm" className="quiet" data-testid="plan-name">
          {plan.data &&
            (plan.data.name ? t("flows.plan.of", { name: plan.data.name }) : t("flows.plan.usual"))}
        </Text>
      }
      flush
      testId="plan"
    >
      <Loaded of={plan}>
        {({ limits }) => {
          const rows = limits.filter((row) => CALLS[kind].includes(row.call));
          const remembers = rows.some((row) => row.state_bytes !== null);
          return (
            <div className="scroll-x">
              <Table>
                <Table.Thead>
                  <Table.Tr>
                    <Table.Th>{t("flows.plan.call")}</Table.Th>
                    <Table.Th className="number">{t("usage.measure.fuel")}</Table.Th>
                    <Table.Th className="number">{t("flows.plan.time")}</Table.Th>
                    <Table.Th className="number">{t("flows.plan.memory")}</Table.Th>
                    {remembers && (
                      <>
                        <Table.Th className="number">{t("flows.plan.state")}</Table.Th>
                        <Table.Th className="number">{t("flows.plan.effects")}</Table.Th>
                      </>
                    )}
                    <Table.Th className="number">{t("flows.plan.log")}</Table.Th>
                  </Table.Tr>
                </Table.Thead>
                <Table.Tbody>
                  {rows.map((row) => (
                    <Table.Tr key={row.call} data-limits={row.call}>
                      <Table.Td>{t(`flows.plan.calls.${row.call}`)}</Table.Td>
                      <Table.Td className="number">{number(row.fuel)}</Table.Td>
                      <Table.Td className="number">
                        {t("agent.audio.ms", { value: number(row.processor_time_ms) })}
                      </Table.Td>
                      <Table.Td className="number">
                        {t("flows.plan.mib", { size: number(row.memory_bytes / 1024 / 1024) })}
                      </Table.Td>
                      {remembers && (
                        <>
                          <Table.Td className="number">
                            {row.state_bytes === null
                              ? "–"
                              : t("flows.plan.bytes", { size: number(row.state_bytes) })}
                          </Table.Td>
                          <Table.Td className="number">
                            {row.effects === null ? "–" : number(row.effects)}
                          </Table.Td>
                        </>
                      )}
                      <Table.Td className="number">{number(row.log_lines)}</Table.Td>
                    </Table.Tr>
                  ))}
                </Table.Tbody>
              </Table>
              <Text size="xs" className="quiet" p="md">
                {t("flows.plan.help")}
              </Text>
            </div>
          );
        }}
      </Loaded>
    </Panel>
  );
}
