import { Alert, Badge, Group, Progress, SimpleGrid, Stack, Table, Text } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { PluginStatus, PluginTrial, TrialGroup } from "../../api/types.ts";
import { count, instant, percent } from "../../components/format.ts";
import { Panel } from "../../components/panel.tsx";
import { Empty, Loaded } from "../../components/states.tsx";
import { Differences } from "./differences.tsx";
import { useTrial } from "./queries.ts";

/** What the candidate does, or would do, beside the active version. */
export function TrialPanel({ row }: { row: PluginStatus }) {
  const { t } = useTranslation();
  const trial = useTrial(row);
  return (
    <Loaded of={trial}>
      {(found) =>
        found ? (
          <Trial trial={found} />
        ) : (
          <div className="panel">
            <Empty>{t("flows.noTrial")}</Empty>
          </div>
        )
      }
    </Loaded>
  );
}

function Trial({ trial }: { trial: PluginTrial }) {
  const { t, i18n } = useTranslation();
  const inShadow = trial.stage === "shadow";
  return (
    <Stack>
      <Panel
        title={t(inShadow ? "flows.shadowOf" : "flows.canaryOf", { version: trial.label })}
        aside={
          <Text size="sm" className="quiet">
            {t("flows.since", { time: instant(trial.since, i18n.language) })}
          </Text>
        }
        testId="trial"
      >
        <Stack gap="sm">
          {trial.failed && (
            <Alert color="red" icon={<IconAlertTriangle size={18} />} role="alert">
              {t("flows.failedBy", { why: trial.failed })}
            </Alert>
          )}
          {inShadow ? <Shadow trial={trial} /> : <Groups trial={trial} />}
        </Stack>
      </Panel>
      {trial.differences.length > 0 && (
        <Panel title={t("flows.otherwise")} flush>
          <Differences rows={trial.differences} />
        </Panel>
      )}
    </Stack>
  );
}

function Shadow({ trial }: { trial: PluginTrial }) {
  const { t, i18n } = useTranslation();
  const { shadow, contacts, contacts_differing: differing } = trial;
  const share = contacts === 0 ? 0 : differing / contacts;
  return (
    <Stack gap={6}>
      <Group justify="space-between">
        <Text fw={600} data-testid="shadow-share" data-differing={differing}>
          {t("flows.shadowShare", { differing, contacts })}
        </Text>
        <Text className="figures">{percent(contacts === 0 ? null : share, i18n.language)}</Text>
      </Group>
      <Progress value={share * 100} color="violet.8" size="lg" aria-label={t("flows.otherwise")} />
      <SimpleGrid cols={{ base: 2, sm: 4 }} mt="xs">
        <Figure name={t("flows.compared")} value={count(shadow.compared, i18n.language)} />
        <Figure name={t("flows.faults")} value={count(shadow.faults, i18n.language)} />
        <Figure
          name={t("flows.highestFuel")}
          value={percent(shadow.highest_fuel / trial.fuel_limit, i18n.language)}
        />
        <Figure
          name={t("flows.notAsked")}
          value={count(shadow.dropped + shadow.not_comparable, i18n.language)}
        />
      </SimpleGrid>
    </Stack>
  );
}

function Figure({ name, value }: { name: string; value: string }) {
  return (
    <div>
      <Text size="xs" className="quiet">
        {name}
      </Text>
      <Text className="figures" fw={600}>
        {value}
      </Text>
    </div>
  );
}

/** The canary beside the contacts of the active version in the same time. */
function Groups({ trial }: { trial: PluginTrial }) {
  const { t, i18n } = useTranslation();
  const share = (part: number, whole: number) =>
    percent(whole === 0 ? null : part / whole, i18n.language);
  const rows: [string, (group: TrialGroup) => string][] = [
    [t("flows.column.contacts"), (group) => count(group.contacts, i18n.language)],
    [t("flows.calledHow"), (group) => count(group.calls, i18n.language)],
    [t("flows.faults"), (group) => share(group.faults, group.calls)],
    [
      t("flows.meanFuel"),
      (group) => count(Math.round(group.fuel / Math.max(1, group.calls)), i18n.language),
    ],
    [t("flows.visits"), (group) => count(group.visits, i18n.language)],
    [t("flows.serviceLevel"), (group) => share(group.answered_in_time, group.visits)],
    [t("flows.abandoned"), (group) => share(group.abandoned, group.visits)],
  ];
  return (
    <div className="scroll-x">
      <Table data-testid="canary-groups">
        <Table.Thead>
          <Table.Tr>
            <Table.Th aria-hidden />
            <Table.Th ta="right">
              <Badge color="orange.9" tt="none">
                {t("flows.state.canary")}
              </Badge>
            </Table.Th>
            <Table.Th ta="right">
              <Badge color="green.8" tt="none">
                {t("flows.state.active")}
              </Badge>
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map(([name, figure]) => (
            <Table.Tr key={name}>
              <Table.Td>{name}</Table.Td>
              <Table.Td ta="right" className="figures">
                {figure(trial.canary)}
              </Table.Td>
              <Table.Td ta="right" className="figures">
                {figure(trial.control)}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </div>
  );
}
