/** Every operation, with filters that stand in the address. */

import { useCollection } from "@cloudscape-design/collection-hooks";
import Button from "@cloudscape-design/components/button";
import Header from "@cloudscape-design/components/header";
import Pagination from "@cloudscape-design/components/pagination";
import Table from "@cloudscape-design/components/table";
import TextFilter from "@cloudscape-design/components/text-filter";
import { useMemo } from "react";
import type { ServedOperation } from "../../api/shapes";
import { useHash } from "../../app/address";
import { Choice } from "../../parts/Choice";
import { Empty } from "../../parts/Empty";
import { usePages } from "../../parts/usePages";
import { Grade, GRADES } from "./Grade";
import { useCoverageTexts } from "./texts";

const PAGE = 50;

export function Operations({ operations }: { operations: ServedOperation[] }) {
  const texts = useCoverageTexts();
  const [hash, change] = useHash();
  const [service, grade, sought] = [hash.get("service"), hash.get("grade"), hash.get("q") ?? ""];
  const passing = useMemo(() => {
    const part = sought.toLowerCase();
    return operations.filter(
      (each) =>
        (service === null || each.serviceName === service) &&
        (grade === null || each.grade === grade) &&
        each.operationName.toLowerCase().includes(part),
    );
  }, [operations, service, grade, sought]);
  const columns = useMemo(() => columnsIn(texts), [texts]);
  const collection = useCollection(passing, { pagination: { pageSize: PAGE }, sorting: {} });
  const { items } = collection;
  const { collectionProps, paginationProps } = usePages(collection, `${service} ${grade} ${sought}`);
  const services = useMemo(() => [...new Set(operations.map(({ serviceName }) => serviceName))], [operations]);
  return (
    <Table<ServedOperation>
      {...collectionProps}
      items={items}
      columnDefinitions={columns}
      enableKeyboardNavigation
      wrapLines
      ariaLabels={{ tableLabel: texts.operations }}
      header={
        <Header variant="h2" counter={texts.count(passing.length, operations.length)}>
          {texts.operations}
        </Header>
      }
      empty={
        <Empty title={texts.noMatch} text={texts.noMatchText}>
          <Button onClick={() => change({ service: null, grade: null, q: null })}>{texts.clear}</Button>
        </Empty>
      }
      pagination={
        <Pagination
          {...paginationProps}
          ariaLabels={{ previousPageLabel: texts.previous, nextPageLabel: texts.next, pageLabel: texts.page }}
        />
      }
      filter={
        <div className="filters">
          <TextFilter
            filteringText={sought}
            onChange={({ detail }) => change({ q: detail.filteringText || null })}
            filteringPlaceholder={texts.find}
            filteringAriaLabel={texts.find}
            filteringClearAriaLabel={texts.clear}
          />
          <Choice
            any={texts.all.service}
            label={texts.service}
            options={services.map((value) => ({ value, label: value }))}
            value={service}
            onChange={(to) => change({ service: to })}
          />
          <Choice
            any={texts.all.grade}
            label={texts.grade}
            options={GRADES.map((value) => ({ value, label: texts.grades[value] }))}
            value={grade}
            onChange={(to) => change({ grade: to })}
          />
        </div>
      }
    />
  );
}

function columnsIn(texts: ReturnType<typeof useCoverageTexts>) {
  return [
    {
      id: "operation",
      header: texts.operation,
      sortingField: "operationName",
      isRowHeader: true,
      minWidth: 220,
      cell: ({ operationName }: ServedOperation) => operationName,
    },
    { id: "service", header: texts.service, sortingField: "serviceName", minWidth: 180, cell: ({ serviceName }: ServedOperation) => serviceName },
    { id: "grade", header: texts.grade, sortingField: "grade", minWidth: 120, cell: ({ grade }: ServedOperation) => <Grade grade={grade} /> },
    {
      id: "refuses",
      header: texts.refuses,
      minWidth: 200,
      cell: ({ refuses }: ServedOperation) => <span className="told">{refuses.join(", ") || "–"}</span>,
    },
  ];
}
