/** One measure over time, as a chart and as a table. */

import BarChart from "@cloudscape-design/components/bar-chart";
import Box from "@cloudscape-design/components/box";
import Container from "@cloudscape-design/components/container";
import ExpandableSection from "@cloudscape-design/components/expandable-section";
import Header from "@cloudscape-design/components/header";
import LineChart from "@cloudscape-design/components/line-chart";
import Select from "@cloudscape-design/components/select";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useMemo, useState } from "react";
import { usePreferences } from "../../../app/preferences";
import { useAmounts } from "../../../parts/amounts";
import type { Measure } from "../asked/asked";
import type { Names } from "../../../parts/names";
import { type Report, type Series, series, usualMeasure } from "./report";
import { dimensionName, useUsageTexts } from "../texts";
import { shown } from "./times";
import { TimesTable } from "./TimesTable";

const HEIGHT = 260;

interface Shown {
  report: Report;
  names: Names;
  measures: Measure[];
  onMeasure: (measure: Measure) => void;
}

export interface Line {
  title: string;
  data: number[];
}

export function OverTime({ report, names, measures, onMeasure }: Shown) {
  const texts = useUsageTexts();
  const { language } = usePreferences();
  const amounts = useAmounts();
  const { asked, stretch, times, totals } = report;
  const measure = asked.measure ?? usualMeasure(totals);
  const currencies = totals.filter(({ cost }) => Number(cost) > 0).map(({ currency }) => currency);
  const [chosen, setChosen] = useState<string | null>(null);
  const currency = currencies.find((each) => each === chosen) ?? currencies[0] ?? totals[0]?.currency ?? "";
  const lines = useMemo((): Line[] => {
    if (measure === "latency") return latencies(report, texts.latencySeries);
    const named = ({ value }: Series) => (value === null ? texts.others : names.full(asked.by, value));
    return series(report, measure, currency).map((each) => ({ title: named(each), data: each.data }));
  }, [report, measure, currency, names, texts, asked.by]);
  const labels = useMemo(() => times.map((time) => shown(time, stretch, language)), [times, stretch, language]);
  const title = texts.overTime(texts.measures[measure]);
  const write = (value: number) => amounts.of(value, measure, currency);
  const common = {
    height: HEIGHT,
    xScaleType: "categorical" as const,
    xDomain: labels,
    ariaLabel: title,
    hideFilter: true,
    xTitle: "",
    yTitle: "",
    i18nStrings: { yTickFormatter: (value: number) => amounts.tick(value, measure, currency) },
    empty: <Box color="text-body-secondary">{texts.empty}</Box>,
  };
  const data = ({ data }: Line) => data.map((y, place) => ({ x: labels[place] ?? "", y }));
  return (
    <Container
      header={
        <Header
          variant="h2"
          description={`${measure === "latency" ? texts.latencyText : texts.groupedBy(dimensionName(texts, asked.by))} · ${texts.time.utc}`}
          actions={
            <SpaceBetween direction="horizontal" size="xs">
              {measure === "cost" && currencies.length > 1 && (
                <Select
                  ariaLabel={texts.currency}
                  selectedOption={{ value: currency }}
                  options={currencies.map((value) => ({ value }))}
                  onChange={({ detail }) => setChosen(detail.selectedOption.value ?? null)}
                />
              )}
              <Select
                ariaLabel={texts.show}
                selectedOption={{ value: measure, label: texts.measures[measure] }}
                options={measures.map((value) => ({ value, label: texts.measures[value] }))}
                onChange={({ detail }) => onMeasure(detail.selectedOption.value as Measure)}
              />
            </SpaceBetween>
          }
        >
          {title}
        </Header>
      }
    >
      <SpaceBetween size="s">
        {measure === "latency" ? (
          <LineChart {...common} series={lines.map((line) => ({ type: "line", title: line.title, data: data(line), valueFormatter: write }))} />
        ) : (
          <BarChart
            {...common}
            stackedBars
            series={lines.map((line) => ({ type: "bar", title: line.title, data: data(line), valueFormatter: write }))}
          />
        )}
        <ExpandableSection headerText={texts.asTable}>
          <TimesTable times={labels} lines={lines} write={write} label={title} />
        </ExpandableSection>
      </SpaceBetween>
    </Container>
  );
}

/** Of all together: percentiles of groups cannot be stacked. Where two currencies were used, those of the larger part. */
function latencies({ overTime, stretch, times }: Report, titles: Record<"p50" | "p90" | "p99", string>): Line[] {
  const at = new Map<string, (typeof overTime)[number]>();
  for (const group of overTime) {
    const time = group.values[stretch] ?? "";
    if (group.invocations > (at.get(time)?.invocations ?? 0)) at.set(time, group);
  }
  return (["p50", "p90", "p99"] as const).map((part) => ({
    title: titles[part],
    data: times.map((time) => at.get(time)?.latencyMs?.[part] ?? 0),
  }));
}
