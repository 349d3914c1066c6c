/** All knowledge bases. */

import type { KnowledgeBaseSummary } from "@aws-sdk/client-bedrock-agent";
import { useCollection } from "@cloudscape-design/collection-hooks";
import Button from "@cloudscape-design/components/button";
import Link from "@cloudscape-design/components/link";
import Pagination from "@cloudscape-design/components/pagination";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Table, { type TableProps } from "@cloudscape-design/components/table";
import TextFilter from "@cloudscape-design/components/text-filter";
import { useCallback, useEffect, useMemo, useState } from "react";
import { useCall } from "../../../api/polling";
import { follow, href } from "../../../app/address";
import { Page } from "../../../app/Page";
import { ApiCall } from "../../../parts/ApiCall";
import { Empty } from "../../../parts/Empty";
import { Failed } from "../../../parts/Failed";
import { byName } from "../../../parts/order";
import { useFormats, useTexts } from "../../../texts/texts";
import { isChanging, LIST_CALL, listBases } from "../asking";
import { useClients } from "../clients";
import { Status } from "../Status";
import { baseAt } from "../tabs";
import { useKnowledgeTexts } from "../texts";
import { Inside } from "./Inside";
import { useBasesTexts } from "./texts";

const PAGE = 20;
const WATCHED_EVERY = 1500;

export function Bases() {
  const texts = useTexts();
  const known = useKnowledgeTexts();
  const own = useBasesTexts();
  const clients = useClients();
  const [watched, setWatched] = useState(false);
  const { answer, failure, loading, again } = useCall(
    useCallback((signal: AbortSignal) => listBases(clients, signal), [clients]),
    watched ? WATCHED_EVERY : undefined,
  );
  const moving = answer?.some(isChanging) ?? false;
  useEffect(() => setWatched(moving), [moving]);
  const columns = useColumns();
  const { items, collectionProps, filterProps, filteredItemsCount, paginationProps, actions } = useCollection(answer ?? [], {
    filtering: {
      fields: ["name", "description", "knowledgeBaseId"],
      empty: (
        <Empty title={own.none} text={own.noneText}>
          <Make variant="normal" />
        </Empty>
      ),
      noMatch: (
        <Empty title={own.noMatch} text={own.noMatchText}>
          <Button onClick={() => actions.setFiltering("")}>{own.clear}</Button>
        </Empty>
      ),
    },
    pagination: { pageSize: PAGE },
    sorting: { defaultState: { sortingColumn: columns[0] as (typeof columns)[number] } },
  });
  return (
    <Page
      title={texts.screens.knowledge}
      description={own.text}
      counter={answer ? own.count(filteredItemsCount ?? answer.length, answer.length) : ""}
      actions={
        <SpaceBetween direction="horizontal" size="xs">
          <Button iconName="refresh" ariaLabel={known.refresh} loading={loading} onClick={again} />
          <ApiCall calls={[LIST_CALL]} />
          <Make variant="primary" />
        </SpaceBetween>
      }
    >
      <SpaceBetween size="m">
        {failure && <Failed failure={failure} onAgain={again} />}
        <Table<KnowledgeBaseSummary>
          {...collectionProps}
          items={items}
          columnDefinitions={columns}
          trackBy="knowledgeBaseId"
          loading={loading && !answer}
          loadingText={texts.loading}
          wrapLines
          enableKeyboardNavigation
          ariaLabels={{ tableLabel: texts.screens.knowledge }}
          filter={
            <TextFilter {...filterProps} filteringPlaceholder={own.find} filteringAriaLabel={own.find} filteringClearAriaLabel={own.clear} />
          }
          pagination={
            <Pagination
              {...paginationProps}
              ariaLabels={{ previousPageLabel: known.previousPage, nextPageLabel: known.nextPage, pageLabel: known.pageOf }}
            />
          }
        />
      </SpaceBetween>
    </Page>
  );
}

function Make({ variant }: { variant: "primary" | "normal" }) {
  return (
    <Button variant={variant} href={href("/knowledge/new")} onFollow={follow}>
      {useBasesTexts().make}
    </Button>
  );
}

function useColumns(): TableProps.ColumnDefinition<KnowledgeBaseSummary>[] {
  const own = useBasesTexts();
  const formats = useFormats();
  return useMemo(
    () => [
      {
        id: "name",
        header: own.name,
        sortingComparator: byName(({ name }) => name),
        isRowHeader: true,
        minWidth: 200,
        cell: ({ knowledgeBaseId = "", name, description }) => (
          <>
            <Link href={href(baseAt(knowledgeBaseId))} onFollow={follow}>
              {name}
            </Link>
            {description && <div className="under">{description}</div>}
          </>
        ),
      },
      { id: "status", header: own.status, sortingField: "status", minWidth: 130, cell: ({ status }) => <Status status={status} /> },
      {
        id: "documents",
        header: own.documents,
        minWidth: 130,
        cell: ({ knowledgeBaseId = "", status }) => (status === "ACTIVE" ? <Inside key={knowledgeBaseId} baseId={knowledgeBaseId} /> : "–"),
      },
      {
        id: "changed",
        header: own.changed,
        sortingField: "updatedAt",
        sortingComparator: (one, other) => Number(one.updatedAt) - Number(other.updatedAt),
        minWidth: 170,
        cell: ({ updatedAt }) => (updatedAt ? formats.minute(updatedAt) : "–"),
      },
    ],
    [own, formats],
  );
}
