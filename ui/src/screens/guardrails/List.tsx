/** All guardrails of the account. */

import { useCollection } from "@cloudscape-design/collection-hooks";
import type { GuardrailSummary } from "@aws-sdk/client-bedrock";
import Button from "@cloudscape-design/components/button";
import Link from "@cloudscape-design/components/link";
import Pagination from "@cloudscape-design/components/pagination";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Table from "@cloudscape-design/components/table";
import TextFilter from "@cloudscape-design/components/text-filter";
import { useCallback } from "react";
import type { Call } from "../../api/call";
import { useCall } from "../../api/polling";
import { follow, href } from "../../app/address";
import { Page } from "../../app/Page";
import { useSession } from "../../app/session";
import { ApiCall } from "../../parts/ApiCall";
import { Empty } from "../../parts/Empty";
import { Failed } from "../../parts/Failed";
import { byName } from "../../parts/order";
import { useFormats, useTexts } from "../../texts/texts";
import { listGuardrails } from "./calls";
import { EnforcedGuardrail } from "./enforced/EnforcedGuardrail";
import { useGuardrailsTexts } from "./texts";

const CALLS: Call[] = [{ service: "bedrock", operation: "ListGuardrails", input: {} }];
const PAGE = 20;

export function List() {
  const shared = useTexts();
  const texts = useGuardrailsTexts();
  const formats = useFormats();
  const { api } = useSession();
  const { answer, failure, loading, again } = useCall(useCallback((signal: AbortSignal) => listGuardrails(api, signal), [api]));
  const { items, collectionProps, filterProps, filteredItemsCount, paginationProps, actions } = useCollection(answer ?? [], {
    filtering: {
      fields: ["name", "description", "id"],
      empty: (
        <Empty title={texts.none} text={texts.noneText}>
          <Create />
        </Empty>
      ),
      noMatch: (
        <Empty title={texts.noMatch} text="">
          <Button onClick={() => actions.setFiltering("")}>{texts.clear}</Button>
        </Empty>
      ),
    },
    pagination: { pageSize: PAGE },
    sorting: {},
  });
  return (
    <Page
      title={shared.screens.guardrails}
      description={texts.text}
      counter={answer ? texts.count(filteredItemsCount ?? answer.length, answer.length) : ""}
      actions={
        <SpaceBetween direction="horizontal" size="xs">
          <Button iconName="refresh" ariaLabel={texts.refresh} loading={loading} onClick={again} />
          <ApiCall calls={CALLS} />
          <Button href={href("/guardrails/reasoning")} onFollow={follow}>
            {texts.reasoning}
          </Button>
          <Create />
        </SpaceBetween>
      }
    >
      <SpaceBetween size="m">
        {failure && <Failed failure={failure} onAgain={again} />}
        <Table<GuardrailSummary>
          {...collectionProps}
          items={items}
          trackBy="id"
          variant="container"
          wrapLines
          enableKeyboardNavigation
          loading={loading && !answer}
          loadingText={shared.loading}
          ariaLabels={{ tableLabel: shared.screens.guardrails }}
          filter={
            <TextFilter
              {...filterProps}
              filteringPlaceholder={texts.find}
              filteringAriaLabel={texts.find}
              filteringClearAriaLabel={texts.clear}
            />
          }
          pagination={
            <Pagination
              {...paginationProps}
              ariaLabels={{ previousPageLabel: texts.previous, nextPageLabel: texts.next, pageLabel: texts.page }}
            />
          }
          columnDefinitions={[
            {
              id: "name",
              header: texts.name,
              sortingComparator: byName(({ name }) => name),
              isRowHeader: true,
              minWidth: 180,
              cell: ({ id = "", name }) => (
                <>
                  <Link href={href(`/guardrails/${id}`)} onFollow={follow}>
                    {name}
                  </Link>
                  <div className="under">{id}</div>
                </>
              ),
            },
            { id: "description", header: texts.description, minWidth: 200, cell: ({ description }) => description || "–" },
            {
              id: "updated",
              header: texts.updated,
              minWidth: 140,
              sortingComparator: (one, other) => Number(one.updatedAt ?? 0) - Number(other.updatedAt ?? 0),
              cell: ({ updatedAt }) => (updatedAt ? formats.minute(updatedAt) : "–"),
            },
          ]}
        />
        {answer && <EnforcedGuardrail guardrails={answer} />}
      </SpaceBetween>
    </Page>
  );
}

function Create() {
  const texts = useGuardrailsTexts();
  return (
    <Button variant="primary" href={href("/guardrails/new")} onFollow={follow}>
      {texts.create}
    </Button>
  );
}
