import { Anchor, MultiSelect, Select, Text } from "@mantine/core";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { QueueRow } from "../../../api/types.ts";
import { DurationInput } from "../../../components/duration-input.tsx";
import { Panel } from "../../../components/panel.tsx";
import { OtherwiseSelect } from "./otherwise-select.tsx";
import type { Part } from "./part.ts";

const CONDITIONS = [
  "paused",
  "penalty",
  "in_use",
  "ringing",
  "unavailable",
  "invalid",
  "unknown",
  "wrap_up",
] as const;

interface Props extends Part {
  calendars: string[];
  queues: QueueRow[];
}

/** When a contact may not come in or must leave, and what becomes of it then. */
export function Doors({ form, calendars, queues }: Props) {
  const { t } = useTranslation();
  const conditions = CONDITIONS.map((value) => ({
    value: value as string,
    label: t(`admin.queue.condition.${value}`),
  }));
  const hours = form.values.rules.hours;
  const known = new Set([...calendars, ...(hours ? [hours] : [])]);
  const then = (rule: "on_closed" | "on_full" | "on_empty" | "on_max_wait") => (
    <OtherwiseSelect
      label={t("admin.queue.instead")}
      queues={queues}
      {...form.getInputProps(`rules.${rule}`)}
    />
  );
  return (
    <Panel title={t("admin.queue.section.doors")}>
      <div className="door-rows">
        <Door name={t("admin.queue.door.closed")} then={then("on_closed")}>
          <Select
            label={t("admin.queue.hours")}
            placeholder={t("admin.queue.alwaysOpen")}
            clearable
            data={[...known]}
            {...form.getInputProps("rules.hours")}
          />
          <Text size="xs" mt={4}>
            <Anchor component={Link} to="/admin/calendars" size="xs">
              {t("admin.queue.toCalendars")}
            </Anchor>
          </Text>
        </Door>
        <Door name={t("admin.queue.door.full")} then={then("on_full")}>
          <Text size="sm" mt={24}>
            {t("admin.queue.fullAt", { count: Number(form.values.max_waiting) || 0 })}
          </Text>
        </Door>
        <Door name={t("admin.queue.door.empty")} then={then("on_empty")}>
          <MultiSelect
            label={t("admin.queue.refuseWhen")}
            placeholder={form.values.rules.refuse_when.length === 0 ? t("admin.queue.never") : ""}
            data={conditions}
            clearable
            {...form.getInputProps("rules.refuse_when")}
          />
          <MultiSelect
            label={t("admin.queue.leaveWhen")}
            placeholder={form.values.rules.leave_when.length === 0 ? t("admin.queue.never") : ""}
            data={conditions}
            clearable
            mt="xs"
            {...form.getInputProps("rules.leave_when")}
          />
        </Door>
        <Door name={t("admin.queue.door.tooLong")} then={then("on_max_wait")}>
          <DurationInput
            unit="minutes"
            label={t("admin.queue.maxWait")}
            placeholder={t("admin.queue.never")}
            {...form.getInputProps("rules.max_wait_ms")}
          />
        </Door>
      </div>
    </Panel>
  );
}

function Door({ name, then, children }: { name: string; then: ReactNode; children: ReactNode }) {
  return (
    <fieldset className="door-row">
      <legend>{name}</legend>
      <div>{children}</div>
      <div>{then}</div>
    </fieldset>
  );
}
