/** What a chart over time shows, as a table: only times in which something happened. */

import Table from "@cloudscape-design/components/table";
import type { Line } from "./OverTime";
import { useUsageTexts } from "../texts";

interface Shown {
  times: string[];
  lines: Line[];
  write: (value: number) => string;
  label: string;
}

interface Row {
  time: string;
  values: number[];
}

export function TimesTable({ times, lines, write, label }: Shown) {
  const texts = useUsageTexts();
  const rows = times
    .map((time, place): Row => ({ time, values: lines.map(({ data }) => data[place] ?? 0) }))
    .filter(({ values }) => values.some((value) => value !== 0))
    .reverse();
  return (
    <Table<Row>
      items={rows}
      trackBy="time"
      variant="embedded"
      contentDensity="compact"
      stickyHeader={false}
      ariaLabels={{ tableLabel: label }}
      empty={texts.empty}
      columnDefinitions={[
        { id: "time", header: texts.at, isRowHeader: true, cell: ({ time }) => time },
        ...lines.map(({ title }, place) => ({ id: `${place}`, header: title, cell: ({ values }: Row) => write(values[place] ?? 0) })),
      ]}
    />
  );
}
