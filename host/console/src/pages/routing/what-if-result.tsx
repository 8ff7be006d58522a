import { Group, Select, SimpleGrid, Stack, Table, Text, Tooltip } from "@mantine/core";
import { lazy, Suspense, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import type { PolicyReport, WhatIf, WhatIfStatus } from "../../api/types.ts";
import { instant } from "../../components/format.ts";
import { Loading } from "../../components/states.tsx";
import { estimateOf, FIGURES, type Figure, groupKey, shown, verdict } from "./figures.ts";

const Chart = lazy(() => import("../../components/chart.tsx"));

const COLOURS = ["#868e96", "#1c7ed6", "#e8590c", "#2f9e44", "#ae3ec9"];
const VERDICTS = {
  better: "var(--state-ready)",
  worse: "var(--state-bad)",
  unsure: undefined,
  neither: undefined,
} as const;

/** What was recorded beside what each policy would have made of it. */
export function WhatIfResult({ job, result }: { job: WhatIfStatus; result: WhatIf }) {
  const { t, i18n } = useTranslation();
  const [group, setGroup] = useState("all");
  const reports = useMemo(
    () => [result.recorded, ...result.simulated.policies],
    [result.recorded, result.simulated.policies],
  );
  const name = (report: PolicyReport) => {
    const own = { recorded: "recorded", shipped: "shipped", "built-in": "built_in" } as const;
    if (report.name in own) return t(`routing.arm.${own[report.name as keyof typeof own]}`);
    if (report.name === "first-in-first-out") return t("routing.arm.first_in_first_out");
    return report.name;
  };
  const groups = result.recorded.groups.map((each) => groupKey(each.group));

  return (
    <Stack gap="md" data-testid="what-if-result">
      <Group justify="space-between" gap="sm">
        <Text size="sm">
          {t("routing.whatIf.of", {
            from: instant(job.wish.from, i18n.language),
            to: instant(job.wish.to, i18n.language),
            count: result.simulated.replications,
          })}
        </Text>
        <Select
          size="xs"
          w={180}
          allowDeselect={false}
          aria-label={t("routing.whatIf.group")}
          value={group}
          onChange={(value) => setGroup(value ?? "all")}
          data={groups.map((key) => ({
            value: key,
            label:
              key === "all" || key === "urgent"
                ? t(`routing.whatIf.groups.${key}`)
                : key.slice("queue:".length),
          }))}
        />
      </Group>
      <div className="scroll-x">
        <Table>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t("routing.whatIf.figure")}</Table.Th>
              {reports.map((report, place) => (
                <Table.Th key={report.name} className="number">
                  <span className="legend">
                    <i style={{ background: COLOURS[place] }} aria-hidden />
                    {name(report)}
                  </span>
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {FIGURES.map((figure) => (
              <FigureRow
                key={figure.name}
                figure={figure}
                group={group}
                reports={reports}
                result={result}
              />
            ))}
          </Table.Tbody>
        </Table>
      </div>
      <Text size="xs" className="quiet">
        {t("routing.whatIf.intervals")}
      </Text>
      <SimpleGrid cols={{ base: 1, lg: 2 }}>
        <Suspense fallback={<Loading />}>
          <Course reports={reports} name={name} />
          <Waits reports={reports} name={name} />
        </Suspense>
      </SimpleGrid>
    </Stack>
  );
}

interface RowProps {
  figure: Figure;
  group: string;
  reports: PolicyReport[];
  result: WhatIf;
}

function FigureRow({ figure, group, reports, result }: RowProps) {
  const { t, i18n } = useTranslation();
  const value = (number: number) => shown(figure.unit, number, i18n.language);
  const signed = (number: number) => `${number > 0 ? "+" : ""}${value(number)}`;
  const cells = reports.map((report) => {
    const figures = report.groups.find((each) => groupKey(each.group) === group)?.figures;
    return figures && estimateOf(figures, figure);
  });
  if (cells.every((cell) => cell === undefined)) return null;
  return (
    <Table.Tr className="figures">
      <Table.Td>{t(`routing.figure.${figure.name}`)}</Table.Td>
      {reports.map((report, place) => {
        const estimate = cells[place];
        const difference = result.simulated.differences.find(
          (each) =>
            each.policy === report.name &&
            each.figure === figure.name &&
            groupKey(each.group) === group,
        );
        const error = estimate?.standard_error;
        return (
          <Table.Td key={report.name} className="number">
            <Tooltip
              label={t("routing.whatIf.standardError", { error: value(error ?? 0) })}
              disabled={error === null || error === undefined}
            >
              <span>{estimate ? value(estimate.mean) : "–"}</span>
            </Tooltip>
            {difference && (
              <Tooltip
                label={t("routing.whatIf.interval", {
                  low: signed(difference.low),
                  high: signed(difference.high),
                })}
              >
                <Text
                  span
                  size="xs"
                  ml={6}
                  fw={verdict(figure, difference) === "unsure" ? 400 : 700}
                  c={VERDICTS[verdict(figure, difference)]}
                  className={verdict(figure, difference) === "unsure" ? "quiet" : undefined}
                >
                  {signed(difference.mean)}
                </Text>
              </Tooltip>
            )}
          </Table.Td>
        );
      })}
    </Table.Tr>
  );
}

interface PlotProps {
  reports: PolicyReport[];
  name: (report: PolicyReport) => string;
}

const clock = (minute: number) =>
  `${String(Math.floor(minute / 60)).padStart(2, "0")}:${String(minute % 60).padStart(2, "0")}`;

const PERCENT = "{value} %";
const SECONDS = "{value} s";

/** How long people waited in the course of a day. */
function Course({ reports, name }: PlotProps) {
  const { t } = useTranslation();
  return (
    <Plot
      title={t("routing.whatIf.course")}
      reports={reports}
      name={name}
      x={{ min: 0, max: 1_440, interval: 240, axisLabel: { formatter: clock } }}
      y={SECONDS}
      points={(report) =>
        report.course.flatMap(({ minute, mean_wait_s }) =>
          mean_wait_s === null ? [] : [[minute, mean_wait_s] as const],
        )
      }
    />
  );
}

/** Which share waited longer than so and so long. */
function Waits({ reports, name }: PlotProps) {
  const { t } = useTranslation();
  return (
    <Plot
      title={t("routing.whatIf.waits")}
      reports={reports}
      name={name}
      x={{ axisLabel: { formatter: SECONDS } }}
      y={PERCENT}
      points={(report) =>
        report.waits.map((each) => [each.longer_than_s, 100 * each.share] as const)
      }
    />
  );
}

interface Lines extends PlotProps {
  title: string;
  x: object;
  /** How values are written. */
  y: string;
  points: (report: PolicyReport) => (readonly [number, number])[];
}

/** A line for each report; what was recorded is dashed. */
function Plot({ title, reports, name, x, y, points }: Lines) {
  const option = {
    grid: { left: 48, right: 16, top: 34, bottom: 28 },
    legend: { type: "scroll", top: 0, left: 0, itemWidth: 14, itemHeight: 8 },
    tooltip: { trigger: "axis" },
    xAxis: { type: "value", ...x },
    yAxis: { type: "value", min: 0, axisLabel: { formatter: y } },
    series: reports.map((report, place) => ({
      name: name(report),
      type: "line",
      color: COLOURS[place],
      showSymbol: false,
      lineStyle: { type: place === 0 ? "dashed" : "solid" },
      data: points(report).map(([at, value]) => [at, Math.round(value * 10) / 10]),
    })),
  };
  return (
    <div>
      <Text size="sm" fw={600}>
        {title}
      </Text>
      <Chart option={option} height={250} label={title} />
    </div>
  );
}
