import { NumberInput, SimpleGrid, Stack, Switch, Text } from "@mantine/core";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { DurationInput } from "../../../components/duration-input.tsx";
import { Panel } from "../../../components/panel.tsx";
import { CALLBACK, LAST_AGENT } from "./form.ts";
import type { Part } from "./part.ts";

/** What spares a customer waiting: a call back, the place kept, the agent they know. */
export function Comfort({ form }: Part) {
  const { t } = useTranslation();
  const { callback, last_agent } = form.values.rules;
  return (
    <Panel title={t("admin.queue.section.comfort")}>
      <SimpleGrid cols={{ base: 1, md: 3 }} spacing="xl" verticalSpacing="lg">
        <Choice
          label={t("admin.queue.callback.label")}
          hint={t("admin.queue.callback.hint")}
          on={callback !== null}
          onChange={(on) => form.setFieldValue("rules.callback", on ? CALLBACK : null)}
        >
          <NumberInput
            label={t("admin.queue.callback.attempts")}
            min={1}
            max={10}
            allowDecimal={false}
            {...form.getInputProps("rules.callback.attempts")}
          />
          <DurationInput
            unit="minutes"
            label={t("admin.queue.callback.retryAfter")}
            {...form.getInputProps("rules.callback.retry_after_ms")}
          />
          <DurationInput
            unit="seconds"
            label={t("admin.queue.callback.rings")}
            {...form.getInputProps("rules.callback.ring_timeout_ms")}
          />
        </Choice>
        <Choice
          label={t("admin.queue.redial.label")}
          hint={t("admin.queue.redial.hint")}
          on={(form.values.rules.redial_within_ms ?? 0) > 0}
          onChange={(on) => form.setFieldValue("rules.redial_within_ms", on ? 300_000 : 0)}
        >
          <DurationInput
            unit="minutes"
            label={t("admin.queue.redial.within")}
            {...form.getInputProps("rules.redial_within_ms")}
          />
        </Choice>
        <Choice
          label={t("admin.queue.lastAgent.label")}
          hint={t("admin.queue.lastAgent.hint")}
          on={last_agent !== null}
          onChange={(on) => form.setFieldValue("rules.last_agent", on ? LAST_AGENT : null)}
        >
          <DurationInput
            unit="days"
            label={t("admin.queue.lastAgent.within")}
            {...form.getInputProps("rules.last_agent.within_ms")}
          />
          <DurationInput
            unit="seconds"
            label={t("admin.queue.lastAgent.wait")}
            {...form.getInputProps("rules.last_agent.wait_ms")}
          />
        </Choice>
      </SimpleGrid>
    </Panel>
  );
}

interface ChoiceProps {
  label: string;
  hint: string;
  on: boolean;
  onChange: (on: boolean) => void;
  children: ReactNode;
}

function Choice({ label, hint, on, onChange, children }: ChoiceProps) {
  return (
    <div>
      <Switch
        label={label}
        checked={on}
        onChange={(event) => onChange(event.currentTarget.checked)}
        styles={{ label: { fontWeight: 600 } }}
      />
      <Text size="xs" className="quiet" mt={4}>
        {hint}
      </Text>
      {on && (
        <Stack gap="xs" mt="xs">
          {children}
        </Stack>
      )}
    </div>
  );
}
