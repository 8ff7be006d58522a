import { Alert, Button, Group, NumberInput, SimpleGrid, Stack, Switch, Text } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { explain } from "../../api/problem.ts";
import type { PluginSettings, PluginStatus } from "../../api/types.ts";
import { notifyDone } from "../../components/notify.ts";
import { Panel } from "../../components/panel.tsx";
import { useConfigure } from "./queries.ts";

const GATE = { max_changed_percent: 10, min_contacts: 100 };

/** How much of its work is recorded, and what a version must pass before it goes active. */
export function SettingsPanel({ row, mayChange }: { row: PluginStatus; mayChange: boolean }) {
  const { t } = useTranslation();
  const [wish, setWish] = useState<PluginSettings>(row.settings);
  const configure = useConfigure(row);
  const { recording, gate } = wish;
  const number = (value: string | number) => Number(value) || 0;
  return (
    <Panel title={t("flows.settings")} testId="plugin-settings">
      <Stack>
        <SimpleGrid cols={{ base: 1, sm: 2 }}>
          <NumberInput
            label={t("flows.recordLast")}
            description={t("flows.recordLastHelp")}
            min={0}
            max={20_000}
            disabled={!mayChange}
            value={recording.last}
            onChange={(last) =>
              setWish({ ...wish, recording: { ...recording, last: number(last) } })
            }
          />
          <NumberInput
            label={t("flows.recordHours")}
            description={t("flows.recordHoursHelp")}
            min={0}
            max={2_160}
            disabled={!mayChange}
            value={recording.hours}
            onChange={(hours) =>
              setWish({ ...wish, recording: { ...recording, hours: number(hours) } })
            }
          />
        </SimpleGrid>
        <Switch
          label={t("flows.gate")}
          description={t("flows.gateHelp")}
          disabled={!mayChange}
          checked={gate !== null}
          onChange={(event) =>
            setWish({ ...wish, gate: event.currentTarget.checked ? GATE : null })
          }
        />
        {gate && (
          <SimpleGrid cols={{ base: 1, sm: 2 }}>
            <NumberInput
              label={t("flows.gateChanged")}
              min={0}
              max={100}
              suffix=" %"
              disabled={!mayChange}
              value={gate.max_changed_percent}
              onChange={(value) =>
                setWish({ ...wish, gate: { ...gate, max_changed_percent: number(value) } })
              }
            />
            <NumberInput
              label={t("flows.gateContacts")}
              min={0}
              disabled={!mayChange}
              value={gate.min_contacts}
              onChange={(value) =>
                setWish({ ...wish, gate: { ...gate, min_contacts: number(value) } })
              }
            />
          </SimpleGrid>
        )}
        {configure.error && (
          <Alert color="red" role="alert">
            {explain(configure.error, t)}
          </Alert>
        )}
        {mayChange ? (
          <Group justify="flex-end">
            <Button
              loading={configure.isPending}
              onClick={() =>
                configure.mutate(wish, { onSuccess: () => notifyDone(t("flows.settingsSaved")) })
              }
            >
              {t("save")}
            </Button>
          </Group>
        ) : (
          <Text size="sm" className="quiet">
            {t("flows.adminOnly")}
          </Text>
        )}
      </Stack>
    </Panel>
  );
}
