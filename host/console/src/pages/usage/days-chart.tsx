import type { EChartsCoreOption } from "echarts/core";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { PluginKind } from "../../api/types.ts";
import Chart from "../../components/chart.tsx";
import { type Measure, measured, type PluginSum } from "./sums.ts";

/** Plugins that have a colour of their own; the rest are one. */
const OWN = 8;
const COLOURS = [
  "#1c7ed6",
  "#e8590c",
  "#2f9e44",
  "#ae3ec9",
  "#f59f00",
  "#0c8599",
  "#e64980",
  "#5f3dc4",
];

interface Props {
  /** The oldest first. */
  days: string[];
  sums: PluginSum[];
  measure: Measure;
}

/** One measure by day, a colour a plugin. */
export default function DaysChart({ days, sums, measure }: Props) {
  const { t, i18n } = useTranslation();
  const option = useMemo((): EChartsCoreOption => {
    const compact = new Intl.NumberFormat(i18n.language, { notation: "compact" });
    const whole = new Intl.NumberFormat(i18n.language, { maximumFractionDigits: 2 });
    // A series goes by its name, and plugins of different kinds may share one.
    const isShared = (name: string) => sums.filter((sum) => sum.name === name).length > 1;
    const title = ({ kind, name }: PluginSum) =>
      isShared(name) ? `${name} (${t(`flows.kind.${kind as PluginKind}`)})` : name;
    const own = sums.slice(0, OWN).map((sum) => ({ name: title(sum), of: [sum] }));
    const rest = sums.slice(OWN);
    const groups = rest.length > 0 ? [...own, { name: t("usage.others"), of: rest }] : own;
    const day = (text: string) => text.slice(5);
    return {
      color: [...COLOURS, "#868e96"],
      grid: { left: 8, right: 12, top: 36, bottom: 8, containLabel: true },
      legend: { top: 0, left: 0, type: "scroll" },
      tooltip: {
        trigger: "axis",
        axisPointer: { type: "shadow" },
        valueFormatter: (value: unknown) => whole.format(Number(value)),
      },
      xAxis: { type: "category", data: days.map(day) },
      yAxis: {
        type: "value",
        minInterval: measure === "time" ? undefined : 1,
        axisLabel: { formatter: (value: number) => compact.format(value) },
      },
      series: groups.map(({ name, of }) => ({
        name,
        type: "bar",
        stack: "all",
        barMaxWidth: 36,
        data: days.map((each) =>
          of.reduce((sum, plugin) => sum + measured(plugin.days.get(each) ?? [], measure), 0),
        ),
      })),
    };
  }, [days, sums, measure, t, i18n.language]);
  return <Chart option={option} height={300} label={t("usage.byDay")} />;
}
