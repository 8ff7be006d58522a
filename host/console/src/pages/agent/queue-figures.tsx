import { Table } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Panel } from "../../components/panel.tsx";
import { Empty } from "../../components/states.tsx";
import { useLive } from "../../live/provider.tsx";
import { OldestWait } from "../wallboard/oldest-wait.tsx";

/** How the agent's own queues stand now. */
export function QueueFigures({ queues }: { queues: { id: string; name: string }[] }) {
  const { t } = useTranslation();
  const live = useLive((state) => state.live);
  if (queues.length === 0) {
    return (
      <Panel title={t("agent.queues.title")}>
        <Empty>{t("agent.queues.empty")}</Empty>
      </Panel>
    );
  }
  return (
    <Panel title={t("agent.queues.title")} flush>
      <div className="scroll-x">
        <Table style={{ minWidth: 0 }}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t("wallboard.queue")}</Table.Th>
              <Table.Th className="number">{t("agent.queues.waiting")}</Table.Th>
              <Table.Th className="number">{t("agent.queues.oldest")}</Table.Th>
              <Table.Th className="number">{t("agent.queues.ready")}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {queues.map(({ id, name }) => {
              const figures = live?.queues.find((queue) => queue.id === id);
              return (
                <Table.Tr key={id}>
                  <Table.Td fw={600}>{name}</Table.Td>
                  <Table.Td className="number" fw={figures?.waiting ? 700 : 400}>
                    {figures?.waiting ?? "–"}
                  </Table.Td>
                  <Table.Td className="number">
                    <OldestWait queue={figures} at={live?.at} />
                  </Table.Td>
                  <Table.Td className="number">{figures?.agents_ready ?? "–"}</Table.Td>
                </Table.Tr>
              );
            })}
          </Table.Tbody>
        </Table>
      </div>
    </Panel>
  );
}
