import { Anchor, Table, Text } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useFlows, useMe, useQueues } from "../../api/queries.ts";
import { versionLabel } from "../../api/types.ts";
import { instant } from "../../components/format.ts";
import { Panel } from "../../components/panel.tsx";
import { Empty, Loaded } from "../../components/states.tsx";
import { addressOf } from "../flows/address.ts";

/** Which policy each queue uses, and whether it is live. */
export function Policies() {
  const { t, i18n } = useTranslation();
  const queues = useQueues();
  const flows = useFlows();
  const administers = useMe().data?.role === "admin";
  return (
    <Panel title={t("routing.policies.title")} flush testId="policies">
      <Loaded of={queues}>
        {(rows) =>
          rows.length === 0 ? (
            <Empty>{t("wallboard.noQueues")}</Empty>
          ) : (
            <div className="scroll-x">
              <Table>
                <Table.Thead>
                  <Table.Tr>
                    <Table.Th>{t("wallboard.queue")}</Table.Th>
                    <Table.Th>{t("routing.policies.policy")}</Table.Th>
                    <Table.Th>{t("routing.policies.version")}</Table.Th>
                    <Table.Th>{t("routing.policies.since")}</Table.Th>
                  </Table.Tr>
                </Table.Thead>
                <Table.Tbody>
                  {rows.map((queue) => {
                    const plugin = flows.data?.find(
                      ({ kind, name }) => kind === "policy" && name === queue.policy,
                    );
                    return (
                      <Table.Tr key={queue.id}>
                        <Table.Td fw={600}>
                          {administers ? (
                            <Anchor
                              component={Link}
                              to={`/admin/queues/${queue.id}`}
                              size="sm"
                              fw={600}
                            >
                              {queue.name}
                            </Anchor>
                          ) : (
                            queue.name
                          )}
                        </Table.Td>
                        <Table.Td>{queue.policy ?? t("admin.queue.shipped")}</Table.Td>
                        <Table.Td>
                          {queue.policy === null ? (
                            <Text span size="sm" className="quiet">
                              {t("routing.policies.withHost")}
                            </Text>
                          ) : plugin?.live ? (
                            <Anchor
                              component={Link}
                              to={addressOf("policy", plugin.name)}
                              size="sm"
                              ff="monospace"
                            >
                              {versionLabel(plugin.live)}
                            </Anchor>
                          ) : (
                            <Text span size="sm" c="var(--state-bad)">
                              <IconAlertTriangle size={15} style={{ verticalAlign: "-2px" }} />{" "}
                              {t("routing.policies.notLive")}
                            </Text>
                          )}
                        </Table.Td>
                        <Table.Td className="quiet">
                          {plugin?.since ? instant(plugin.since, i18n.language) : "–"}
                        </Table.Td>
                      </Table.Tr>
                    );
                  })}
                </Table.Tbody>
              </Table>
            </div>
          )
        }
      </Loaded>
    </Panel>
  );
}
