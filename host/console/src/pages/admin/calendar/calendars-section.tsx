import { Table } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, ask } from "../../../api/client.ts";
import { keys, useCalendars, useChange, useQueues } from "../../../api/queries.ts";
import type { Calendar } from "../../../api/types.ts";
import { Empty, Loaded } from "../../../components/states.tsx";
import { List, RowButtons, Section } from "../section.tsx";
import { CalendarDialog } from "./calendar-dialog.tsx";
import { DAYS, type Day, summary } from "./form.ts";

export function CalendarsSection() {
  const { t } = useTranslation();
  const calendars = useCalendars();
  const queues = useQueues();
  const [edited, setEdited] = useState<Calendar | "new" | null>(null);
  const remove = useChange(
    (name: string) => ask(api.DELETE("/api/v1/calendars/{name}", { params: { path: { name } } })),
    keys.calendars,
  );
  const usedBy = (name: string) =>
    (queues.data ?? []).filter(({ rules }) => rules.hours === name).map((queue) => queue.name);

  /** Mo–Th, Sa */
  const shown = (days: Day[]): string => {
    const name = (day: Day) => t(`admin.calendar.short.${day}`);
    const runs: Day[][] = [];
    for (const day of days) {
      const run = runs.at(-1);
      const last = run?.at(-1);
      if (run && last && DAYS.indexOf(last) + 1 === DAYS.indexOf(day)) run.push(day);
      else runs.push([day]);
    }
    return runs
      .map((run) => {
        const [first, last] = [run[0], run.at(-1)];
        if (!first || !last) return "";
        return first === last ? name(first) : `${name(first)}–${name(last)}`;
      })
      .join(", ");
  };

  return (
    <Section addLabel={t("admin.calendar.add")} onAdd={() => setEdited("new")}>
      <Loaded of={calendars}>
        {(rows) =>
          rows.length === 0 ? (
            <Empty>{t("admin.calendar.empty")}</Empty>
          ) : (
            <List
              head={[
                t("admin.calendar.name"),
                t("admin.calendar.week"),
                t("admin.calendar.holidays"),
                t("admin.calendar.timeZone"),
                t("admin.calendar.usedBy"),
              ]}
            >
              {rows.map((calendar) => (
                <Table.Tr key={calendar.name} className="figures">
                  <Table.Td fw={600}>{calendar.name}</Table.Td>
                  <Table.Td>
                    {summary(calendar).map(([days, hours]) => (
                      <div key={hours}>
                        <b>{shown(days)}</b> {hours}
                      </div>
                    ))}
                  </Table.Td>
                  <Table.Td>
                    {calendar.exceptions.length > 0
                      ? t("admin.calendar.exceptions", { count: calendar.exceptions.length })
                      : "–"}
                  </Table.Td>
                  <Table.Td>{calendar.time_zone}</Table.Td>
                  <Table.Td>{usedBy(calendar.name).join(", ") || "–"}</Table.Td>
                  <RowButtons
                    name={calendar.name}
                    onEdit={() => setEdited(calendar)}
                    onDelete={() => remove.mutateAsync(calendar.name)}
                  />
                </Table.Tr>
              ))}
            </List>
          )
        }
      </Loaded>
      {edited && (
        <CalendarDialog
          calendar={edited === "new" ? null : edited}
          onClose={() => setEdited(null)}
        />
      )}
    </Section>
  );
}
