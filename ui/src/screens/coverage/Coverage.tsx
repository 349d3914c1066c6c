/** Which operations are served, and how. The table is made when the console is built, by `craton coverage --json`. */

import { useCollection } from "@cloudscape-design/collection-hooks";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import ColumnLayout from "@cloudscape-design/components/column-layout";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import Pagination from "@cloudscape-design/components/pagination";
import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator, { type StatusIndicatorProps } from "@cloudscape-design/components/status-indicator";
import Table from "@cloudscape-design/components/table";
import TextFilter from "@cloudscape-design/components/text-filter";
import { useMemo, useState } from "react";
import { useCall } from "../../api/polling";
import { Page } from "../../app/Page";
import { Choice } from "../../parts/Choice";
import { Code } from "../../parts/Code";
import { Empty } from "../../parts/Empty";
import { useFormats, useTexts } from "../../texts/texts";
import type { Texts } from "../../texts/en";

const GRADES = ["full", "partial", "refused"] as const;
type Grade = (typeof GRADES)[number];

interface Row {
  service: string;
  operation: string;
  grade: Grade;
  refuses: string[];
}

const TYPES: Record<Grade, StatusIndicatorProps.Type> = { full: "success", partial: "warning", refused: "stopped" };
const PAGE = 50;

/** None where the console was built without it. */
async function table(signal: AbortSignal): Promise<Row[] | null> {
  const answer = await fetch("/console/coverage.json", { signal });
  const told = answer.headers.get("content-type")?.startsWith("application/json") ?? false;
  return answer.ok && told ? ((await answer.json()) as Row[]) : null;
}

export default function Coverage() {
  const texts = useTexts();
  const { answer, loading } = useCall(table);
  return (
    <Page title={texts.screens.coverage} description={texts.coverage.text}>
      {answer || loading ? (
        <SpaceBetween size="l">
          {answer && <Summary rows={answer} />}
          <Operations rows={answer ?? []} loading={loading} />
        </SpaceBetween>
      ) : (
        <Empty title={texts.coverage.none} text={texts.coverage.noneText}>
          <Code code="craton coverage" language="shell" label={texts.screens.coverage} />
        </Empty>
      )}
    </Page>
  );
}

function Summary({ rows }: { rows: Row[] }) {
  const { coverage } = useTexts();
  const formats = useFormats();
  const served = rows.filter(({ grade }) => grade !== "refused").length;
  return (
    <Container header={<Header variant="h2">{coverage.summary(served, rows.length)}</Header>}>
      <ColumnLayout columns={3} variant="text-grid" minColumnWidth={170}>
        {GRADES.map((grade) => (
          <SpaceBetween key={grade} size="xxs">
            <StatusIndicator type={TYPES[grade]}>{coverage.grades[grade]}</StatusIndicator>
            <Box variant="awsui-value-large">{formats.number(rows.filter((row) => row.grade === grade).length)}</Box>
            <Box variant="small" color="text-body-secondary">
              {coverage.meaning[grade]}
            </Box>
          </SpaceBetween>
        ))}
      </ColumnLayout>
    </Container>
  );
}

function Operations({ rows, loading }: { rows: Row[]; loading: boolean }) {
  const texts = useTexts();
  const { coverage, models } = texts;
  const [service, setService] = useState<string | null>(null);
  const [grade, setGrade] = useState<string | null>(null);
  const passing = useMemo(
    () => rows.filter((row) => (service === null || row.service === service) && (grade === null || row.grade === grade)),
    [rows, service, grade],
  );
  const columns = useMemo(() => columnsIn(texts), [texts]);
  const { items, collectionProps, filterProps, filteredItemsCount, paginationProps, actions } = useCollection(passing, {
    filtering: { fields: ["operation", "service"], noMatch: null },
    pagination: { pageSize: PAGE },
    sorting: {},
  });

  function clear(): void {
    setService(null);
    setGrade(null);
    actions.setFiltering("");
  }

  return (
    <Table<Row>
      {...collectionProps}
      items={items}
      columnDefinitions={columns}
      loading={loading}
      loadingText={texts.loading}
      enableKeyboardNavigation
      wrapLines
      ariaLabels={{ tableLabel: texts.screens.coverage }}
      header={
        <Header variant="h2" counter={models.count(filteredItemsCount ?? passing.length, rows.length)}>
          {coverage.operations}
        </Header>
      }
      empty={
        <Empty title={models.noMatch} text={models.noMatchText}>
          <Button onClick={clear}>{models.clear}</Button>
        </Empty>
      }
      pagination={
        <Pagination
          {...paginationProps}
          ariaLabels={{ previousPageLabel: models.previous, nextPageLabel: models.next, pageLabel: models.page }}
        />
      }
      filter={
        <div className="filters">
          <TextFilter
            {...filterProps}
            filteringPlaceholder={coverage.find}
            filteringAriaLabel={coverage.find}
            filteringClearAriaLabel={models.clear}
          />
          <Choice
            any={coverage.all.service}
            label={coverage.service}
            options={[...new Set(rows.map((row) => row.service))].map((value) => ({ value, label: value }))}
            value={service}
            onChange={setService}
          />
          <Choice
            any={coverage.all.grade}
            label={coverage.grade}
            options={GRADES.map((value) => ({ value, label: coverage.grades[value] }))}
            value={grade}
            onChange={setGrade}
          />
        </div>
      }
    />
  );
}

function columnsIn({ coverage }: Texts) {
  return [
    { id: "operation", header: coverage.operation, sortingField: "operation", isRowHeader: true, minWidth: 220, cell: (row: Row) => row.operation },
    { id: "service", header: coverage.service, sortingField: "service", minWidth: 180, cell: (row: Row) => row.service },
    {
      id: "grade",
      header: coverage.grade,
      sortingField: "grade",
      minWidth: 120,
      cell: (row: Row) => <StatusIndicator type={TYPES[row.grade]}>{coverage.grades[row.grade]}</StatusIndicator>,
    },
    {
      id: "refuses",
      header: coverage.refuses,
      minWidth: 200,
      cell: (row: Row) => <span className="told">{row.refuses.join(", ") || "–"}</span>,
    },
  ];
}
