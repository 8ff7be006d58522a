import { Badge, Group, Progress, Stack, Tabs, Text, Title } from "@mantine/core";
import { lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";
import { useMe } from "../../api/queries.ts";
import type { PluginStatus } from "../../api/types.ts";
import { versionLabel } from "../../api/types.ts";
import { instant } from "../../components/format.ts";
import { Panel } from "../../components/panel.tsx";
import { Empty, Loading } from "../../components/states.tsx";
import { ConfigurationPanel } from "./configuration/configuration-panel.tsx";
import { ConnectorPanel } from "./connector/connector-panel.tsx";
import { Diagnostics } from "./diagnostics.tsx";
import { FaultsPanel } from "./faults-panel.tsx";
import { PlanPanel } from "./plan-panel.tsx";
import { SettingsPanel } from "./settings-panel.tsx";
import { TrialPanel } from "./trial-panel.tsx";
import { UsagePanel } from "./usage-panel.tsx";
import { VersionsTable } from "./versions-table.tsx";

const Picture = lazy(() => import("./picture.tsx"));

/** One plugin: what is live, who is on what, and what was wrong with the last save. */
export function PluginPanel({ row }: { row: PluginStatus }) {
  const { t, i18n } = useTranslation();
  const mayChange = useMe().data?.role === "admin";
  // Nobody asks a language but whoever saves a script: none of its work is recorded, replayed or
  // tried beside another's. What it made of a script is, as a flow.
  const isAsked = row.kind !== "language";
  return (
    <Stack gap="md">
      <section className="panel" style={{ padding: "var(--mantine-spacing-md)" }}>
        <Group gap="sm" align="center">
          <Title order={2} fz={22}>
            {row.name}
          </Title>
          <Text className="quiet">
            {t(`flows.kind.${row.kind}`)} · {row.path}
          </Text>
          {row.live ? (
            <Badge color="green.8" tt="none" data-testid="live-version">
              {t("flows.live")}: {versionLabel(row.live)}
            </Badge>
          ) : (
            <Badge color="red.8" tt="none">
              {t("flows.notLive")}
            </Badge>
          )}
          {row.since !== null && (
            <Text size="sm" className="quiet">
              {t("flows.since", { time: instant(row.since, i18n.language) })}
            </Text>
          )}
        </Group>
      </section>
      {row.problem && (
        <Diagnostics title={t("flows.problem")} diagnostics={row.problem} testId="plugin-problem">
          {row.live ? t("flows.problemOld") : t("flows.problemNone")}
        </Diagnostics>
      )}
      {row.warnings?.length > 0 && (
        <Diagnostics title={t("flows.warnings")} diagnostics={row.warnings} colour="yellow" />
      )}
      <Tabs defaultValue={startsAt(row)} keepMounted={false}>
        <Tabs.List mb="md">
          <Tabs.Tab value="now">{t("flows.tab.now")}</Tabs.Tab>
          <Tabs.Tab value="versions" data-testid="tab-versions">
            {t("flows.tab.versions")}
          </Tabs.Tab>
          {isAsked && (
            <Tabs.Tab
              value="trial"
              data-testid="tab-trial"
              rightSection={
                row.candidate && (
                  <Badge size="xs" circle color="orange.9" aria-hidden children="1" />
                )
              }
            >
              {t("flows.tab.trial")}
            </Tabs.Tab>
          )}
          {mayChange && row.kind === "connector" && (
            <Tabs.Tab value="connector" data-testid="tab-connector">
              {t("flows.tab.connector")}
            </Tabs.Tab>
          )}
          {mayChange && (
            <Tabs.Tab value="configuration" data-testid="tab-configuration">
              {t("flows.tab.configuration")}
            </Tabs.Tab>
          )}
          <Tabs.Tab value="usage" data-testid="tab-usage">
            {t("flows.tab.usage")}
          </Tabs.Tab>
          {isAsked && <Tabs.Tab value="settings">{t("flows.tab.settings")}</Tabs.Tab>}
        </Tabs.List>
        <Tabs.Panel value="now">
          <Now row={row} />
        </Tabs.Panel>
        <Tabs.Panel value="versions">
          <VersionsTable row={row} mayChange={mayChange} />
        </Tabs.Panel>
        {isAsked && (
          <Tabs.Panel value="trial">
            <TrialPanel row={row} />
          </Tabs.Panel>
        )}
        {mayChange && row.kind === "connector" && (
          <Tabs.Panel value="connector">
            <ConnectorPanel name={row.name} />
          </Tabs.Panel>
        )}
        {mayChange && (
          <Tabs.Panel value="configuration">
            <ConfigurationPanel row={row} />
          </Tabs.Panel>
        )}
        <Tabs.Panel value="usage">
          <Stack gap="md">
            <UsagePanel row={row} />
            <PlanPanel kind={row.kind} />
            {mayChange && <FaultsPanel row={row} />}
          </Stack>
        </Tabs.Panel>
        {isAsked && (
          <Tabs.Panel value="settings">
            <SettingsPanel row={row} mayChange={mayChange} />
          </Tabs.Panel>
        )}
      </Tabs>
    </Stack>
  );
}

/** What is to be done here first: a version that was uploaded waits for somebody to activate it. */
function startsAt(row: PluginStatus): string {
  if (row.candidate) return "trial";
  return row.live || row.problem ? "now" : "versions";
}

/** Who is on which version at present, and what the live one does. */
function Now({ row }: { row: PluginStatus }) {
  const { t } = useTranslation();
  return (
    <Stack gap="md">
      <Versions row={row} />
      <Panel title={t("flows.picture")}>
        {row.picture.length === 0 ? (
          <Empty>{t("flows.noPicture")}</Empty>
        ) : (
          <Suspense fallback={<Loading />}>
            <Picture nodes={row.picture} />
          </Suspense>
        )}
      </Panel>
    </Stack>
  );
}

/** How many calls are on which version: the live one first. */
function Versions({ row }: { row: PluginStatus }) {
  const { t } = useTranslation();
  const live = row.live ? versionLabel(row.live) : "";
  const versions = row.versions
    .filter((version) => version.contacts > 0)
    .sort((a, b) => Number(b.label === live) - Number(a.label === live) || b.contacts - a.contacts);
  const most = Math.max(1, ...versions.map((version) => version.contacts));
  return (
    <Panel title={t("flows.versions")} testId="versions">
      {versions.length === 0 ? (
        <Text size="sm" className="quiet">
          {t("flows.noVersions")}
        </Text>
      ) : (
        <Stack gap={6}>
          {versions.map(({ label, contacts }) => (
            <Group key={label} gap="sm" wrap="nowrap" data-version={label} data-contacts={contacts}>
              <Text size="sm" ff="monospace" w={{ base: 130, sm: 170 }} truncate>
                {label}
              </Text>
              <Progress
                value={(100 * contacts) / most}
                color={label === live ? "green.8" : "gray.5"}
                flex={1}
                size="lg"
                aria-label={label}
              />
              <Text size="sm" className="figures" w={64} ta="right">
                {t("flows.calls", { count: contacts })}
              </Text>
              <Text size="xs" className="quiet" w={190} visibleFrom="lg">
                {label === live ? t("flows.liveVersion") : t("flows.oldVersion")}
              </Text>
            </Group>
          ))}
        </Stack>
      )}
    </Panel>
  );
}
