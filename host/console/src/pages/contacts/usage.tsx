import { Table, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Contact, PluginKind } from "../../api/types.ts";
import { count } from "../../components/format.ts";
import { Panel } from "../../components/panel.tsx";
import { Empty, Loaded } from "../../components/states.tsx";
import { useContactUsage } from "../usage/queries.ts";

/** What plugins used for this contact, to the instruction. */
export function ContactUsagePanel({ contact }: { contact: Contact }) {
  const { t, i18n } = useTranslation();
  const usage = useContactUsage(contact.id, contact.ended_at === null);
  const number = (value: number) => count(Math.round(value), i18n.language);
  return (
    <Panel title={t("usage.ofContact")} flush testId="contact-usage">
      <Loaded of={usage}>
        {(rows) =>
          rows.length === 0 ? (
            <Empty>{t("usage.nothingOfContact")}</Empty>
          ) : (
            <div className="scroll-x">
              <Table style={{ minWidth: 0 }}>
                <Table.Thead>
                  <Table.Tr>
                    <Table.Th>{t("usage.plugin")}</Table.Th>
                    <Table.Th className="number">{t("flows.calledHow")}</Table.Th>
                    <Table.Th className="number">{t("usage.measure.fuel")}</Table.Th>
                    <Table.Th className="number">{t("usage.time")}</Table.Th>
                  </Table.Tr>
                </Table.Thead>
                <Table.Tbody>
                  {rows.map((row) => (
                    <Table.Tr key={`${row.plugin_kind}/${row.label}`}>
                      <Table.Td>
                        <Text size="sm" ff="monospace" style={{ overflowWrap: "anywhere" }}>
                          {row.label}
                        </Text>
                        <Text size="xs" className="quiet">
                          {t(`flows.kind.${row.plugin_kind as PluginKind}`)}
                        </Text>
                      </Table.Td>
                      <Table.Td className="number">
                        {number(row.calls)}
                        {row.faults > 0 && (
                          <Text size="xs" c="red">
                            {t("usage.failed", { count: row.faults })}
                          </Text>
                        )}
                      </Table.Td>
                      <Table.Td className="number">{number(row.fuel)}</Table.Td>
                      <Table.Td className="number">
                        {t("agent.audio.ms", { value: (row.took_us / 1_000).toFixed(1) })}
                      </Table.Td>
                    </Table.Tr>
                  ))}
                </Table.Tbody>
              </Table>
            </div>
          )
        }
      </Loaded>
    </Panel>
  );
}
