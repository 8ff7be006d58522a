import { Anchor, Table } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { keys, useContacts } from "../../api/queries.ts";
import type { AgentStateName } from "../../api/types.ts";
import { durationIfAny, moment } from "../../components/format.ts";
import { Panel } from "../../components/panel.tsx";
import { Empty, Loaded } from "../../components/states.tsx";
import { word } from "../../i18n/index.ts";

/** The agent's last contacts; read again whenever the agent's state changes. */
export function RecentContacts({ agent, state }: { agent: string; state: AgentStateName }) {
  const { t, i18n } = useTranslation();
  const client = useQueryClient();
  const recent = useContacts({ agent }, 10);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the change of state is the occasion
  useEffect(() => {
    // History follows the live state by a moment (facts are projected after they are journalled).
    const later = setTimeout(
      () => void client.invalidateQueries({ queryKey: keys.contacts }),
      1_000,
    );
    return () => clearTimeout(later);
  }, [client, state]);

  return (
    <Panel title={t("agent.recent.title")} flush>
      <Loaded of={recent}>
        {({ pages }) => {
          const rows = pages.flatMap((page) => page.items);
          if (rows.length === 0) return <Empty>{t("agent.recent.empty")}</Empty>;
          return (
            <div className="scroll-x">
              <Table highlightOnHover>
                <Table.Thead>
                  <Table.Tr>
                    <Table.Th>{t("contacts.columns.started")}</Table.Th>
                    <Table.Th>{t("contacts.columns.caller")}</Table.Th>
                    <Table.Th>{t("contacts.columns.queue")}</Table.Th>
                    <Table.Th className="number">{t("contacts.columns.talked")}</Table.Th>
                    <Table.Th>{t("contacts.columns.result")}</Table.Th>
                  </Table.Tr>
                </Table.Thead>
                <Table.Tbody>
                  {rows.map((row) => (
                    <Table.Tr key={row.id}>
                      <Table.Td className="figures">
                        <Anchor component={Link} to={`/contacts/${row.id}`} size="sm">
                          {moment(row.started_at, i18n.language)}
                        </Anchor>
                      </Table.Td>
                      <Table.Td>{row.caller}</Table.Td>
                      <Table.Td>{row.queue_names.join(", ") || "–"}</Table.Td>
                      <Table.Td className="number">{durationIfAny(row.talked_ms)}</Table.Td>
                      <Table.Td>
                        {row.disposition ? word(t, "disposition", row.disposition) : "–"}
                      </Table.Td>
                    </Table.Tr>
                  ))}
                </Table.Tbody>
              </Table>
            </div>
          );
        }}
      </Loaded>
    </Panel>
  );
}
