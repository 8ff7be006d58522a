import { Table } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, ask } from "../../api/client.ts";
import { keys, useChange, useQueues } from "../../api/queries.ts";
import type { QueueRow } from "../../api/types.ts";
import { Empty, Loaded } from "../../components/states.tsx";
import { QueueDialog } from "./queue-dialog.tsx";
import { List, RowButtons, Section } from "./section.tsx";

export function QueuesSection() {
  const { t } = useTranslation();
  const queues = useQueues();
  const [edited, setEdited] = useState<QueueRow | "new" | null>(null);
  const remove = useChange(
    (id: string) => ask(api.DELETE("/api/v1/queues/{id}", { params: { path: { id } } })),
    keys.queues,
  );
  const seconds = (ms: number) => t("admin.queue.seconds", { count: ms / 1_000 });

  return (
    <Section addLabel={t("admin.queue.add")} onAdd={() => setEdited("new")}>
      <Loaded of={queues}>
        {(rows) =>
          rows.length === 0 ? (
            <Empty>{t("admin.queue.empty")}</Empty>
          ) : (
            <List
              head={[
                t("admin.queue.name"),
                t("admin.queue.required"),
                t("admin.queue.policy"),
                t("admin.queue.ring"),
                t("admin.queue.wrapUp"),
                t("admin.queue.serviceLevel"),
                t("admin.queue.maxWaiting"),
              ]}
            >
              {rows.map((queue) => (
                <Table.Tr key={queue.id} className="figures">
                  <Table.Td fw={600}>{queue.name}</Table.Td>
                  <Table.Td>
                    {queue.required_skills
                      .map(({ skill, at_least }) => `${skill} ≥ ${at_least}`)
                      .join(", ") || "–"}
                  </Table.Td>
                  <Table.Td>{queue.policy ?? t("admin.queue.shipped")}</Table.Td>
                  <Table.Td>{seconds(queue.ring_timeout_ms)}</Table.Td>
                  <Table.Td>
                    {queue.wrap_up_ms === null
                      ? t("admin.queue.unlimited")
                      : seconds(queue.wrap_up_ms)}
                  </Table.Td>
                  <Table.Td>{seconds(queue.service_level_ms)}</Table.Td>
                  <Table.Td>{queue.max_waiting}</Table.Td>
                  <RowButtons
                    name={queue.name}
                    onEdit={() => setEdited(queue)}
                    onDelete={() => remove.mutateAsync(queue.id)}
                  />
                </Table.Tr>
              ))}
            </List>
          )
        }
      </Loaded>
      {edited && (
        <QueueDialog queue={edited === "new" ? null : edited} onClose={() => setEdited(null)} />
      )}
    </Section>
  );
}
