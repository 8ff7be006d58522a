import { useComputedColorScheme } from "@mantine/core";
import { BarChart, LineChart } from "echarts/charts";
import { GridComponent, LegendComponent, TooltipComponent } from "echarts/components";
import { type EChartsType, init, use } from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { Empty } from "../../components/states.tsx";
import type { Sample } from "../../live/history.ts";
import { useLive } from "../../live/provider.tsx";

use([BarChart, LineChart, GridComponent, LegendComponent, TooltipComponent, CanvasRenderer]);

const MINUTE_MS = 60_000;

/** The strip's least width in time, so that it does not race at first. */
const SHORTEST_MS = 10 * MINUTE_MS;

/** Sums of each minute, at the minute's start. */
function perMinute(samples: readonly Sample[], pick: (sample: Sample) => number) {
  const sums = new Map<number, number>();
  for (const sample of samples) {
    const minute = Math.floor(sample.at / MINUTE_MS) * MINUTE_MS;
    sums.set(minute, (sums.get(minute) ?? 0) + pick(sample));
  }
  return [...sums].map(([minute, sum]) => [minute, sum]);
}

/** Waiting and talking as lines, answered and abandoned per minute as bars. */
export default function Strip() {
  const { t } = useTranslation();
  const samples = useLive((state) => state.history);
  const dark = useComputedColorScheme("light") === "dark";
  const element = useRef<HTMLDivElement>(null);
  const chart = useRef<EChartsType | null>(null);
  const enough = samples.length > 1;

  useEffect(() => {
    if (!element.current || !enough) return;
    const created = init(element.current, dark ? "dark" : undefined);
    chart.current = created;
    const resize = new ResizeObserver(() => created.resize());
    resize.observe(element.current);
    return () => {
      resize.disconnect();
      created.dispose();
      chart.current = null;
    };
  }, [dark, enough]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new chart needs its data again
  useEffect(() => {
    const line = (name: string, colour: string, pick: (sample: Sample) => number) => ({
      name,
      type: "line" as const,
      step: "end" as const,
      showSymbol: false,
      color: colour,
      data: samples.map((sample) => [sample.at, pick(sample)]),
    });
    const bar = (name: string, colour: string, pick: (sample: Sample) => number) => ({
      name,
      type: "bar" as const,
      stack: "minute",
      barMaxWidth: 14,
      color: colour,
      data: perMinute(samples, pick),
    });
    chart.current?.setOption({
      backgroundColor: "transparent",
      animation: false,
      aria: { enabled: true },
      grid: { left: 34, right: 12, top: 34, bottom: 24 },
      legend: { type: "scroll", top: 0, left: 0, itemWidth: 14, itemHeight: 8 },
      tooltip: { trigger: "axis" },
      xAxis: {
        type: "time",
        min: Math.min(samples[0]?.at ?? 0, (samples.at(-1)?.at ?? 0) - SHORTEST_MS),
        max: samples.at(-1)?.at,
        splitNumber: 5,
        axisLabel: { formatter: "{HH}:{mm}", hideOverlap: true },
      },
      yAxis: { type: "value", minInterval: 1 },
      series: [
        line(t("wallboard.stripWaiting"), "#e8590c", (sample) => sample.waiting),
        line(t("wallboard.stripTalking"), "#1c7ed6", (sample) => sample.talking),
        bar(t("wallboard.stripAnswered"), "#69c795", (sample) => sample.answered),
        bar(t("wallboard.stripAbandoned"), "#c92a2a", (sample) => sample.abandoned),
      ],
    });
  }, [samples, t, dark, enough]);

  if (!enough) return <Empty>{t("wallboard.stripEmpty")}</Empty>;
  return <div ref={element} style={{ height: 190 }} role="img" aria-label={t("wallboard.strip")} />;
}
