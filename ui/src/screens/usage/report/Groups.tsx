/** The groups of a report, with all their sums. */

import { useCollection } from "@cloudscape-design/collection-hooks";
import Header from "@cloudscape-design/components/header";
import Link from "@cloudscape-design/components/link";
import Pagination from "@cloudscape-design/components/pagination";
import Table, { type TableProps } from "@cloudscape-design/components/table";
import { type ReactNode, useMemo } from "react";
import type { UsageGroup } from "../../../api/shapes";
import { type Formats, useFormats } from "../../../texts/texts";
import { type Amounts, useAmounts } from "../../../parts/amounts";
import type { Names } from "../../../parts/names";
import { type Report, tokensOf } from "./report";
import { dimensionName, type UsageTexts, useUsageTexts } from "../texts";

const PAGE = 20;

interface Shown {
  report: Report;
  names: Names;
  onNarrow: (value: string) => void;
}

export function Groups({ report, names, onNarrow }: Shown) {
  const texts = useUsageTexts();
  const formats = useFormats();
  const amounts = useAmounts();
  const { groups, asked } = report;
  const title = texts.groupedBy(dimensionName(texts, asked.by));
  const columns = useMemo(() => {
    const named = { header: dimensionName(texts, asked.by), names, by: asked.by, onNarrow };
    return columnsIn(named, groups, texts, formats, amounts);
  }, [asked.by, names, groups, texts, formats, amounts, onNarrow]);
  const largest = columns.find(({ id }) => id === (groups.some(({ cost }) => Number(cost) > 0) ? "cost" : "tokens"));
  const { items, collectionProps, paginationProps } = useCollection(groups, {
    pagination: { pageSize: PAGE },
    sorting: { defaultState: { sortingColumn: largest ?? {}, isDescending: true } },
  });
  return (
    <Table<UsageGroup>
      {...collectionProps}
      items={items}
      columnDefinitions={columns}
      variant="container"
      enableKeyboardNavigation
      ariaLabels={{ tableLabel: title }}
      header={
        <Header variant="h2" counter={`(${formats.number(groups.length)})`}>
          {title}
        </Header>
      }
      pagination={
        groups.length > PAGE && <Pagination {...paginationProps} />
      }
    />
  );
}

interface Named {
  header: string;
  by: string;
  names: Names;
  onNarrow: (value: string) => void;
}

function columnsIn({ header, by, names, onNarrow }: Named, groups: UsageGroup[], texts: UsageTexts, formats: Formats, amounts: Amounts) {
  const whole = new Map<string, number>();
  for (const { currency, cost } of groups) whole.set(currency, (whole.get(currency) ?? 0) + Number(cost));
  const tokens = groups.reduce((sum, group) => sum + tokensOf(group), 0);
  const priced = [...whole.values()].some((sum) => sum > 0);
  const share = (group: UsageGroup) =>
    priced ? Number(group.cost) / (whole.get(group.currency) || 1) : tokensOf(group) / (tokens || 1);
  const sorted = (of: (group: UsageGroup) => number) => (one: UsageGroup, other: UsageGroup) => of(one) - of(other);
  const count = (id: string, title: string, of: (group: UsageGroup) => number, cell: (group: UsageGroup) => ReactNode) => ({
    id,
    header: title,
    minWidth: 100,
    sortingComparator: sorted(of),
    cell,
  });
  const columns: TableProps.ColumnDefinition<UsageGroup>[] = [
    {
      id: "value",
      header,
      isRowHeader: true,
      minWidth: 200,
      sortingComparator: (one, other) => (one.values[by] ?? "").localeCompare(other.values[by] ?? ""),
      cell: ({ values }) => <Value value={values[by]} none={texts.without(header)} by={by} names={names} onNarrow={onNarrow} hint={texts.narrow} />,
    },
    {
      id: "cost",
      header: texts.measures.cost,
      minWidth: 100,
      sortingComparator: sorted((group) => Number(group.cost)),
      cell: (group) => amounts.money(Number(group.cost), group.currency),
    },
    count("share", texts.columns.share, share, (group) => `${formats.number(share(group) * 100, 1)} %`),
    count("tokens", texts.measures.tokens, tokensOf, (group) => (
      <Under above={amounts.short(tokensOf(group))} below={texts.figures.tokensOf(amounts.short(group.inputTokens), amounts.short(group.outputTokens))} />
    )),
    count("invocations", texts.measures.invocations, (group) => group.invocations, (group) => formats.number(group.invocations)),
    count("errors", texts.measures.errors, (group) => group.errors, ({ errors, cancelled }) => (
      <Under above={formats.number(errors)} below={cancelled > 0 ? texts.columns.cancelled(formats.number(cancelled)) : ""} />
    )),
    count("firstToken", texts.columns.firstToken, (group) => group.meanFirstTokenMs ?? 0, ({ meanFirstTokenMs }) =>
      meanFirstTokenMs === undefined ? "–" : formats.duration(meanFirstTokenMs),
    ),
    count("latency", texts.measures.latency, (group) => group.latencyMs?.p50 ?? 0, ({ latencyMs }) =>
      latencyMs ? <Under above={formats.duration(latencyMs.p50)} below={texts.columns.p99(formats.duration(latencyMs.p99))} /> : "–",
    ),
  ];
  return columns;
}

interface Cell {
  value: string | undefined;
  none: string;
  by: string;
  names: Names;
  onNarrow: (value: string) => void;
  hint: (name: string) => string;
}

function Value({ value, none, by, names, onNarrow, hint }: Cell) {
  if (!value) return <span className="under">{none}</span>;
  const name = names.of(by, value);
  return (
    <>
      <Link onFollow={() => onNarrow(value)} ariaLabel={hint(name)}>
        {name}
      </Link>
      {name !== value && <div className="under">{value}</div>}
    </>
  );
}

function Under({ above, below }: { above: string; below: string }) {
  return (
    <>
      {above}
      {below && <div className="under">{below}</div>}
    </>
  );
}
