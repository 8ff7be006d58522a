import { useComputedColorScheme } from "@mantine/core";
import { BarChart, LineChart } from "echarts/charts";
import { GridComponent, LegendComponent, TooltipComponent } from "echarts/components";
import { type EChartsCoreOption, type EChartsType, init, use } from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";
import { useEffect, useRef } from "react";

use([BarChart, LineChart, GridComponent, LegendComponent, TooltipComponent, CanvasRenderer]);

interface Props {
  option: EChartsCoreOption;
  height: number;
  /** What it shows, for who does not see it. */
  label: string;
}

/** A plot in the page's colours that keeps its panel's width. */
export default function Chart({ option, height, label }: Props) {
  const dark = useComputedColorScheme("light") === "dark";
  const element = useRef<HTMLDivElement>(null);
  const chart = useRef<EChartsType | null>(null);

  useEffect(() => {
    if (!element.current) return;
    const created = init(element.current, dark ? "dark" : undefined);
    chart.current = created;
    const resize = new ResizeObserver(() => created.resize());
    resize.observe(element.current);
    return () => {
      resize.disconnect();
      created.dispose();
      chart.current = null;
    };
  }, [dark]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new chart needs its data again
  useEffect(() => {
    chart.current?.setOption(
      { backgroundColor: "transparent", animation: false, aria: { enabled: true }, ...option },
      { notMerge: true },
    );
  }, [option, dark]);

  return <div ref={element} style={{ height }} role="img" aria-label={label} />;
}
