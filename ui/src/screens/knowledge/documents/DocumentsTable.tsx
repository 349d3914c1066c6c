/** The table of documents, with what became of each. */

import { useCollection } from "@cloudscape-design/collection-hooks";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Header from "@cloudscape-design/components/header";
import Link from "@cloudscape-design/components/link";
import Pagination from "@cloudscape-design/components/pagination";
import Select from "@cloudscape-design/components/select";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Table, { type TableProps } from "@cloudscape-design/components/table";
import TextFilter from "@cloudscape-design/components/text-filter";
import { useMemo, useState } from "react";
import type { Call } from "../../../api/call";
import { follow, href, useHash } from "../../../app/address";
import { fromFile } from "../../../code/files";
import { ApiCall } from "../../../parts/ApiCall";
import { Choice } from "../../../parts/Choice";
import { Empty } from "../../../parts/Empty";
import { byName } from "../../../parts/order";
import { usePages } from "../../../parts/usePages";
import { useFormats, useTexts } from "../../../texts/texts";
import type { Base, Document, Source } from "../asking";
import { isSynced } from "../kinds";
import { Status } from "../Status";
import { documentAt } from "../tabs";
import { useKnowledgeTexts } from "../texts";
import { DeleteDocuments } from "./DeleteDocuments";
import { filtersIn, passes, STATES } from "./filters";
import { useDocumentsTexts } from "./texts";

const PAGE = 25;
const EXAMPLE = "document.pdf";

interface Shown {
  base: Base;
  /** None until they are loaded. */
  documents: Document[] | null;
  more: boolean;
  onMore: () => void;
  onChange: () => void;
}

export function DocumentsTable({ base, documents, more, onMore, onChange }: Shown) {
  const texts = useTexts();
  const known = useKnowledgeTexts();
  const own = useDocumentsTexts();
  const formats = useFormats();
  const [hash, change] = useHash();
  const filters = useMemo(() => filtersIn(hash), [hash]);
  const [selected, setSelected] = useState<string[]>([]);
  const [deleting, setDeleting] = useState(false);
  const baseId = base.told.knowledgeBaseId ?? "";
  const several = base.sources.length > 1;
  const passing = useMemo(() => (documents ?? []).filter((each) => passes(each, filters)), [documents, filters]);
  const collection = useCollection(passing, { pagination: { pageSize: PAGE }, sorting: {} });
  const { items } = collection;
  const { collectionProps, paginationProps } = usePages(collection, `${filters.find} ${filters.state} ${filters.source}`);
  const columns = useColumns(baseId, several);
  const chosen = passing.filter((each) => selected.includes(keyOf(each)));
  const shown = formats.number(passing.length);
  return (
    <>
      <Table<Document>
        {...collectionProps}
        items={items}
        columnDefinitions={columns}
        trackBy={keyOf}
        loading={documents === null}
        loadingText={texts.loading}
        wrapLines
        enableKeyboardNavigation
        selectionType="multi"
        selectedItems={chosen}
        onSelectionChange={({ detail }) => setSelected(detail.selectedItems.map(keyOf))}
        ariaLabels={{
          tableLabel: own.title,
          selectionGroupLabel: own.selected,
          allItemsSelectionLabel: () => own.selected,
          itemSelectionLabel: (_, { name }) => own.select(name),
        }}
        header={
          <Header
            counter={documents ? (more ? own.countMore(shown) : own.count(shown, formats.number(documents.length))) : ""}
            actions={
              <SpaceBetween direction="horizontal" size="xs">
                <Button iconName="refresh" ariaLabel={known.refresh} onClick={onChange} />
                <ApiCall calls={base.sources.flatMap((source) => callsOf(baseId, source))} />
                <Button disabled={chosen.length === 0} onClick={() => setDeleting(true)}>
                  {own.delete}
                </Button>
              </SpaceBetween>
            }
          >
            {own.title}
          </Header>
        }
        filter={
          <div className="filters">
            <TextFilter
              filteringText={filters.find}
              filteringPlaceholder={own.find}
              filteringAriaLabel={own.find}
              filteringClearAriaLabel={own.clearFilters}
              onChange={({ detail }) => change({ find: detail.filteringText || null })}
            />
            <Select
              ariaLabel={own.status}
              selectedOption={{ value: filters.state, label: own.states[filters.state] }}
              options={STATES.map((value) => ({ value, label: own.states[value] }))}
              onChange={({ detail }) => change({ status: detail.selectedOption.value === "all" ? null : (detail.selectedOption.value ?? null) })}
            />
            {several && (
              <Choice
                any={own.anySource}
                label={own.source}
                options={base.sources.map(({ id, name }) => ({ value: id, label: name }))}
                value={filters.source || null}
                onChange={(source) => change({ source })}
              />
            )}
          </div>
        }
        empty={<Nothing base={base} filtered={(documents?.length ?? 0) > 0} onClear={() => change({ find: null, status: null, source: null })} />}
        pagination={
          passing.length > PAGE && (
            <Pagination
              {...paginationProps}
              ariaLabels={{ previousPageLabel: known.previousPage, nextPageLabel: known.nextPage, pageLabel: known.pageOf }}
            />
          )
        }
        footer={
          more && (
            <div className="row">
              <Box color="text-body-secondary">{own.more(shown)}</Box>
              <Button onClick={onMore}>{known.more}</Button>
            </div>
          )
        }
      />
      {deleting && (
        <DeleteDocuments
          baseId={baseId}
          documents={chosen}
          onEnd={(done) => {
            setDeleting(false);
            if (done) setSelected([]);
            onChange();
          }}
        />
      )}
    </>
  );
}

function Nothing({ base, filtered, onClear }: { base: Base; filtered: boolean; onClear: () => void }) {
  const own = useDocumentsTexts();
  if (!filtered) return <Empty title={own.none} text={base.sources.some(({ kind }) => isSynced(kind)) ? own.noneSynced : own.noneText} />;
  return (
    <Empty title={own.noMatch} text={own.noMatchText}>
      <Button onClick={onClear}>{own.clearFilters}</Button>
    </Empty>
  );
}

function callsOf(knowledgeBaseId: string, { id, kind }: Source): Call[] {
  const place = { knowledgeBaseId, dataSourceId: id };
  const listing: Call = { service: "bedrock-agent", operation: "ListKnowledgeBaseDocuments", input: place };
  if (isSynced(kind)) return [listing];
  const file = { fileName: EXAMPLE, content: fromFile(new Uint8Array(), EXAMPLE) };
  return [listing, { service: "craton", operation: "UploadKnowledgeBaseDocument", input: { ...place, ...file } }];
}

function keyOf({ source, id }: Document): string {
  return `${source.id}/${id}`;
}

function useColumns(baseId: string, several: boolean): TableProps.ColumnDefinition<Document>[] {
  const own = useDocumentsTexts();
  const formats = useFormats();
  return useMemo(
    () => [
      {
        id: "name",
        header: own.name,
        sortingComparator: byName(({ name }) => name),
        isRowHeader: true,
        minWidth: 220,
        cell: ({ source, id, name, reason }) => (
          <>
            <Link href={href(documentAt(baseId, source.id, id))} onFollow={follow}>
              <span className="told">{name}</span>
            </Link>
            {reason && <div className="under">{reason}</div>}
          </>
        ),
      },
      {
        id: "status",
        header: own.status,
        sortingField: "status",
        minWidth: 150,
        cell: ({ status }) => <Status status={status} />,
      },
      ...(several ? [{ id: "source", header: own.source, minWidth: 130, cell: ({ source }: Document) => source.name }] : []),
      {
        id: "changed",
        header: own.changed,
        sortingComparator: (one, other) => Number(one.updatedAt) - Number(other.updatedAt),
        minWidth: 170,
        cell: ({ updatedAt }) => (updatedAt ? formats.time(updatedAt) : "–"),
      },
    ],
    [own, formats, baseId, several],
  );
}
