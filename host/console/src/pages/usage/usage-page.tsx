import { Alert, Button, Group, SegmentedControl, Select, Stack, Text, Title } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { lazy, Suspense, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import type { DayUsage } from "../../api/types.ts";
import { Panel } from "../../components/panel.tsx";
import { Empty, Loaded, Loading } from "../../components/states.tsx";
import { serverNow } from "../../live/clock.ts";
import { PluginsTable } from "./plugins-table.tsx";
import { useUsageOfDays } from "./queries.ts";
import { byPlugin, csv, lastDays, MEASURES, type Measure, PURPOSES } from "./sums.ts";

const DaysChart = lazy(() => import("./days-chart.tsx"));

const RANGES = ["7", "30", "90"] as const;

/** What the tenant's plugins used, by day and plugin. */
export default function UsagePage() {
  const { t } = useTranslation();
  const [range, setRange] = useState<string>("30");
  const [measure, setMeasure] = useState<Measure>("fuel");
  const [purpose, setPurpose] = useState<string | null>(null);
  const days = lastDays(Number(range), serverNow());
  const usage = useUsageOfDays(days[0] ?? "", days.at(-1) ?? "");
  useEffect(() => {
    document.title = `${t("usage.title")} · ${t("brand")}`;
  }, [t]);

  return (
    <Stack gap="md">
      <Group justify="space-between" gap="sm">
        <Title order={1}>{t("usage.title")}</Title>
        <Group gap="sm">
          <Select
            size="sm"
            w={200}
            aria-label={t("usage.purpose.label")}
            placeholder={t("usage.purpose.all")}
            value={purpose}
            onChange={setPurpose}
            clearable
            data={PURPOSES.map((value) => ({ value, label: t(`usage.purpose.${value}`) }))}
            data-testid="usage-purpose"
          />
          <SegmentedControl
            size="sm"
            aria-label={t("usage.range")}
            value={range}
            onChange={setRange}
            data={RANGES.map((value) => ({
              value,
              label: t("usage.days", { count: Number(value) }),
            }))}
          />
          <Button
            variant="default"
            leftSection={<IconDownload size={16} />}
            disabled={!usage.data?.rows.length}
            onClick={() => usage.data && save(usage.data.rows, days)}
            data-testid="usage-csv"
          >
            {t("usage.csv")}
          </Button>
        </Group>
      </Group>
      <Text size="sm" className="quiet" maw={760}>
        {t("usage.help")}
      </Text>
      <Loaded of={usage}>
        {({ rows, cut }) => {
          const sums = byPlugin(rows.filter((row) => purpose === null || row.purpose === purpose));
          return (
            <>
              {cut && <Alert color="yellow">{t("usage.cut")}</Alert>}
              <Panel
                title={t("usage.byDay")}
                testId="usage-by-day"
                aside={
                  <SegmentedControl
                    size="xs"
                    aria-label={t("usage.measure.label")}
                    value={measure}
                    onChange={(value) => setMeasure(value as Measure)}
                    data={MEASURES.map((value) => ({ value, label: t(`usage.measure.${value}`) }))}
                  />
                }
              >
                {sums.length === 0 ? (
                  <Empty>{t("usage.nothing")}</Empty>
                ) : (
                  <Suspense fallback={<Loading />}>
                    <DaysChart days={days} sums={sums} measure={measure} />
                  </Suspense>
                )}
              </Panel>
              {sums.length > 0 && (
                <Panel title={t("usage.byPlugin")} flush testId="usage-by-plugin">
                  <PluginsTable sums={sums} ofOnePurpose={purpose !== null} />
                </Panel>
              )}
            </>
          );
        }}
      </Loaded>
    </Stack>
  );
}

function save(rows: DayUsage[], days: string[]) {
  // The mark tells spreadsheets that it is UTF-8.
  const address = URL.createObjectURL(new Blob(["\uFEFF", csv(rows)], { type: "text/csv" }));
  const link = document.createElement("a");
  link.href = address;
  link.download = `hotline-usage-${days[0]}-${days.at(-1)}.csv`;
  link.click();
  URL.revokeObjectURL(address);
}
