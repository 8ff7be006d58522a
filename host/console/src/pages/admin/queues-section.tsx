import { Anchor, Table } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Link, useNavigate } from "react-router";
import { api, ask } from "../../api/client.ts";
import { keys, useChange, useQueues } from "../../api/queries.ts";
import { Empty, Loaded } from "../../components/states.tsx";
import { List, RowButtons, Section } from "./section.tsx";

export function QueuesSection() {
  const { t } = useTranslation();
  const queues = useQueues();
  const navigate = useNavigate();
  const remove = useChange(
    (id: string) => ask(api.DELETE("/api/v1/queues/{id}", { params: { path: { id } } })),
    keys.queues,
  );
  const seconds = (ms: number) => t("admin.queue.seconds", { count: ms / 1_000 });

  return (
    <Section addLabel={t("admin.queue.add")} onAdd={() => navigate("/admin/queues/new")}>
      <Loaded of={queues}>
        {(rows) =>
          rows.length === 0 ? (
            <Empty>{t("admin.queue.empty")}</Empty>
          ) : (
            <List
              head={[
                t("admin.queue.name"),
                t("admin.queue.required"),
                t("admin.queue.rings"),
                t("admin.queue.hours"),
                t("admin.queue.policy"),
                t("admin.queue.serviceLevel"),
                t("admin.queue.maxWaiting"),
              ]}
            >
              {rows.map((queue) => (
                <Table.Tr key={queue.id} className="figures">
                  <Table.Td>
                    <Anchor component={Link} to={`/admin/queues/${queue.id}`} size="sm" fw={600}>
                      {queue.name}
                    </Anchor>
                  </Table.Td>
                  <Table.Td>{queue.skills || t("admin.queue.anyone")}</Table.Td>
                  <Table.Td>
                    {queue.rules.rings.map((ring) => seconds(ring.after_ms)).join(", ") || "–"}
                  </Table.Td>
                  <Table.Td>{queue.rules.hours ?? t("admin.queue.alwaysOpen")}</Table.Td>
                  <Table.Td>{queue.policy ?? t("admin.queue.shipped")}</Table.Td>
                  <Table.Td>{seconds(queue.service_level_ms)}</Table.Td>
                  <Table.Td>{queue.max_waiting}</Table.Td>
                  <RowButtons
                    name={queue.name}
                    onEdit={() => navigate(`/admin/queues/${queue.id}`)}
                    onDelete={() => remove.mutateAsync(queue.id)}
                  />
                </Table.Tr>
              ))}
            </List>
          )
        }
      </Loaded>
    </Section>
  );
}
