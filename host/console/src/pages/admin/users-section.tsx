import { Table, Text } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useQueues, useUsers } from "../../api/queries.ts";
import type { Membership, User } from "../../api/types.ts";
import { Empty, Loaded } from "../../components/states.tsx";
import { List, RowButtons, Section } from "./section.tsx";
import { UserDialog } from "./user-dialog.tsx";

export function UsersSection() {
  const { t } = useTranslation();
  const users = useUsers();
  const queues = useQueues();
  const [edited, setEdited] = useState<User | "new" | null>(null);
  const queueName = (id: string) => queues.data?.find((queue) => queue.id === id)?.name ?? "…";

  // The level is only worth a word where there is more than one.
  const served = ({ queue, level }: Membership) =>
    level === 1 ? queueName(queue) : t("admin.user.levelOf", { name: queueName(queue), level });

  return (
    <Section addLabel={t("admin.user.add")} onAdd={() => setEdited("new")}>
      <Loaded of={users}>
        {(rows) =>
          rows.length === 0 ? (
            <Empty>{t("admin.user.empty")}</Empty>
          ) : (
            <List
              head={[
                t("admin.user.displayName"),
                t("admin.user.userName"),
                t("admin.user.role"),
                t("admin.user.skills"),
                t("admin.queues"),
                t("admin.user.deskPhone"),
              ]}
            >
              {rows.map((user) => (
                <Table.Tr key={user.id}>
                  <Table.Td fw={600}>{user.display_name}</Table.Td>
                  <Table.Td>{user.user_name}</Table.Td>
                  <Table.Td>{t(`account.role.${user.role}`)}</Table.Td>
                  <Table.Td>
                    {user.skills.map(({ name, level }) => `${name} ${level}`).join(", ") || "–"}
                  </Table.Td>
                  <Table.Td>{user.queues.map(served).join(", ") || "–"}</Table.Td>
                  <Table.Td>
                    {user.has_desk_phone ? (
                      t("admin.user.hasDeskPhone")
                    ) : (
                      <Text span className="quiet">
                        –
                      </Text>
                    )}
                  </Table.Td>
                  <RowButtons name={user.display_name} onEdit={() => setEdited(user)} />
                </Table.Tr>
              ))}
            </List>
          )
        }
      </Loaded>
      {edited && (
        <UserDialog
          user={edited === "new" ? null : edited}
          queues={queues.data ?? []}
          onClose={() => setEdited(null)}
        />
      )}
    </Section>
  );
}
