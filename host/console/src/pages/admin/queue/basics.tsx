import { NumberInput, Select, SimpleGrid, TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { DurationInput } from "../../../components/duration-input.tsx";
import { Panel } from "../../../components/panel.tsx";
import type { Part } from "./part.ts";

/** What it is called, who ranks it, and its times. */
export function Basics({ form, queue, policies }: Part & { policies: string[] }) {
  const { t } = useTranslation();
  const policy = form.values.policy;
  const known = new Set([...policies, ...(policy ? [policy] : [])]);
  return (
    <Panel title={t("admin.queue.section.basics")}>
      <SimpleGrid cols={{ base: 1, sm: 2, lg: 4 }} spacing="md" verticalSpacing="sm">
        <TextInput
          label={t("admin.queue.name")}
          description={t("admin.queue.nameHint")}
          data-autofocus={queue === null || undefined}
          {...form.getInputProps("name")}
        />
        <Select
          label={t("admin.queue.policy")}
          description={t("admin.queue.policyHint")}
          allowDeselect={false}
          data={[
            { value: "", label: t("admin.queue.shipped") },
            ...[...known].map((name) => ({ value: name, label: name })),
          ]}
          {...form.getInputProps("policy")}
        />
        <DurationInput
          unit="seconds"
          label={t("admin.queue.serviceLevel")}
          description={t("admin.queue.serviceLevelHint")}
          {...form.getInputProps("service_level_ms")}
        />
        <NumberInput
          label={t("admin.queue.maxWaiting")}
          description={t("admin.queue.maxWaitingHint")}
          min={1}
          allowDecimal={false}
          hideControls
          {...form.getInputProps("max_waiting")}
        />
        <DurationInput
          unit="seconds"
          label={t("admin.queue.ring")}
          description={t("admin.queue.ringHint")}
          {...form.getInputProps("ring_timeout_ms")}
        />
        <DurationInput
          unit="seconds"
          label={t("admin.queue.wrapUp")}
          description={t("admin.queue.wrapUpHint")}
          placeholder={t("admin.queue.unlimited")}
          {...form.getInputProps("wrap_up_ms")}
        />
        <DurationInput
          unit="seconds"
          label={t("admin.queue.firstProgress")}
          description={t("admin.queue.firstProgressHint")}
          placeholder="2"
          {...form.getInputProps("rules.first_progress_ms")}
        />
        <DurationInput
          unit="seconds"
          label={t("admin.queue.progress")}
          description={t("admin.queue.progressHint")}
          {...form.getInputProps("progress_every_ms")}
        />
        <TextInput
          label={t("admin.queue.music")}
          description={t("admin.queue.musicHint")}
          {...form.getInputProps("music")}
        />
      </SimpleGrid>
    </Panel>
  );
}
