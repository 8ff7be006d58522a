import { Alert, Badge, Group, Progress, Stack, Text, Title } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { lazy, type ReactNode, Suspense } from "react";
import { useTranslation } from "react-i18next";
import type { Diagnostic, PluginStatus } from "../../api/types.ts";
import { versionLabel } from "../../api/types.ts";
import { instant } from "../../components/format.ts";
import { Panel } from "../../components/panel.tsx";
import { Empty, Loading } from "../../components/states.tsx";

const Picture = lazy(() => import("./picture.tsx"));

/** One plugin: what is live, who is on what, and what was wrong with the last save. */
export function PluginPanel({ row }: { row: PluginStatus }) {
  const { t, i18n } = useTranslation();
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
        <Problem title={t("flows.problem")} diagnostics={row.problem} testId="plugin-problem">
          {row.live ? t("flows.problemOld") : t("flows.problemNone")}
        </Problem>
      )}
      {row.warnings?.length > 0 && (
        <Problem title={t("flows.warnings")} diagnostics={row.warnings} colour="yellow" />
      )}
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

interface ProblemProps {
  title: string;
  diagnostics: Diagnostic[];
  colour?: string;
  testId?: string;
  /** What it means for callers. */
  children?: ReactNode;
}

function Problem({ title, diagnostics, colour = "red", testId, children }: ProblemProps) {
  const { t } = useTranslation();
  return (
    <Alert
      color={colour}
      icon={<IconAlertTriangle size={20} />}
      title={title}
      role="alert"
      data-testid={testId}
    >
      <Stack gap="sm">
        {diagnostics.map((each, index) => (
          <div key={index}>
            <Text size="sm" ff="monospace" fw={600} style={{ overflowWrap: "anywhere" }}>
              {each.line === null
                ? each.path
                : t("flows.place", { path: each.path, line: each.line, column: each.column ?? 1 })}
            </Text>
            <Text style={{ overflowWrap: "anywhere", whiteSpace: "pre-wrap" }}>{each.message}</Text>
            {each.hint && (
              <Text size="sm" style={{ overflowWrap: "anywhere" }}>
                <b>{t("flows.hint")}:</b> {each.hint}
              </Text>
            )}
            <Text size="xs" ff="monospace" className="quiet">
              {t(`flows.severity.${each.severity}`)} · {each.code}
            </Text>
          </div>
        ))}
        {children && (
          <Text size="sm" fw={600}>
            {children}
          </Text>
        )}
      </Stack>
    </Alert>
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
