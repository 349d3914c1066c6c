/** All models: those that answer, and those that could. */

import { useCollection } from "@cloudscape-design/collection-hooks";
import Button from "@cloudscape-design/components/button";
import Link from "@cloudscape-design/components/link";
import Pagination from "@cloudscape-design/components/pagination";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Table from "@cloudscape-design/components/table";
import TextFilter from "@cloudscape-design/components/text-filter";
import { useCallback, useMemo, useState } from "react";
import { listModels, type Model, MODELS_CALLS, STATES } from "../../api/models";
import { useCall } from "../../api/polling";
import { follow, href } from "../../app/address";
import { Page } from "../../app/Page";
import { useSession } from "../../app/session";
import { ApiCall } from "../../parts/ApiCall";
import { Choice } from "../../parts/Choice";
import { Code } from "../../parts/Code";
import { Empty } from "../../parts/Empty";
import { Failed } from "../../parts/Failed";
import { type Formats, useFormats, useTexts } from "../../texts/texts";
import type { Texts } from "../../texts/en";
import { FIRST } from "../home/Installed";
import { modalities } from "./modalities";
import { State } from "./State";

const PAGE = 25;
const NO_FILTERS = { state: null, provider: null, makes: null } as Record<"state" | "provider" | "makes", string | null>;

export default function Models() {
  const texts = useTexts();
  const formats = useFormats();
  const { api } = useSession();
  const { answer, failure, loading, again } = useCall(useCallback((signal: AbortSignal) => listModels(api, signal), [api]));
  const [filters, setFilters] = useState(NO_FILTERS);
  const all = useMemo(() => answer ?? [], [answer]);
  const passing = useMemo(() => all.filter((model) => passes(model, filters)), [all, filters]);
  const columns = useMemo(() => columnsIn(texts, formats), [texts, formats]);
  const { items, collectionProps, filterProps, filteredItemsCount, paginationProps, actions } = useCollection(passing, {
    filtering: {
      fields: ["name", "id", "provider"],
      empty: (
        <Empty title={texts.models.none} text={texts.models.noneText}>
          <Code code={FIRST} language="shell" label={texts.models.fetch} />
        </Empty>
      ),
      noMatch: <NoMatch onClear={() => clear()} />,
    },
    pagination: { pageSize: PAGE },
    sorting: { defaultState: { sortingColumn: columns[1] as (typeof columns)[number] } },
  });

  function clear(): void {
    setFilters(NO_FILTERS);
    actions.setFiltering("");
  }

  const choose = (name: keyof typeof filters) => (value: string | null) => setFilters({ ...filters, [name]: value });
  const counter = answer ? texts.models.count(filteredItemsCount ?? passing.length, all.length) : "";
  return (
    <Page
      title={texts.screens.models}
      description={texts.models.text}
      counter={counter}
      actions={
        <SpaceBetween direction="horizontal" size="xs">
          <Button iconName="refresh" ariaLabel={texts.models.refresh} loading={loading} onClick={again} />
          <ApiCall calls={MODELS_CALLS} />
        </SpaceBetween>
      }
    >
      <SpaceBetween size="m">
        {failure && <Failed failure={failure} onAgain={again} />}
        <Table<Model>
          {...collectionProps}
          items={items}
          columnDefinitions={columns}
          trackBy="id"
          loading={loading && !answer}
          loadingText={texts.loading}
          variant="container"
          wrapLines
          enableKeyboardNavigation
          empty={passing.length < all.length ? <NoMatch onClear={clear} /> : collectionProps.empty}
          ariaLabels={{ tableLabel: texts.screens.models }}
          pagination={
            <Pagination
              {...paginationProps}
              ariaLabels={{
                previousPageLabel: texts.models.previous,
                nextPageLabel: texts.models.next,
                pageLabel: texts.models.page,
              }}
            />
          }
          filter={
            <div className="filters">
              <TextFilter
                {...filterProps}
                filteringPlaceholder={texts.models.find}
                filteringAriaLabel={texts.models.find}
                filteringClearAriaLabel={texts.models.clear}
              />
              <Choice
                any={texts.models.all.state}
                label={texts.models.state}
                options={STATES.map((value) => ({ value, label: texts.models.states[value] }))}
                value={filters.state}
                onChange={choose("state")}
              />
              <Choice
                any={texts.models.all.makes}
                label={texts.models.makes}
                options={several(all.flatMap((model) => model.makes), (value) => modalities([value], texts))}
                value={filters.makes}
                onChange={choose("makes")}
              />
              <Choice
                any={texts.models.all.provider}
                label={texts.models.provider}
                options={several(all.map((model) => model.provider ?? ""), (value) => value)}
                value={filters.provider}
                onChange={choose("provider")}
              />
            </div>
          }
        />
      </SpaceBetween>
    </Page>
  );
}

function NoMatch({ onClear }: { onClear: () => void }) {
  const { models } = useTexts();
  return (
    <Empty title={models.noMatch} text={models.noMatchText}>
      <Button onClick={onClear}>{models.clear}</Button>
    </Empty>
  );
}

function passes(model: Model, { state, provider, makes }: typeof NO_FILTERS): boolean {
  return (
    (state === null || model.state === state) &&
    (provider === null || model.provider === provider) &&
    (makes === null || model.makes.includes(makes))
  );
}

function several(values: string[], named: (value: string) => string) {
  return [...new Set(values)]
    .filter(Boolean)
    .sort()
    .map((value) => ({ value, label: named(value) }));
}

function columnsIn(texts: Texts, formats: Formats) {
  const { models } = texts;
  return [
    {
      id: "name",
      header: models.name,
      sortingField: "name",
      isRowHeader: true,
      minWidth: 220,
      cell: (model: Model) => (
        <>
          <Link href={href(`/models/${encodeURIComponent(model.id)}`)} onFollow={follow}>
            {model.name}
          </Link>
          <div className="under">{model.id}</div>
        </>
      ),
    },
    {
      id: "state",
      header: models.state,
      minWidth: 150,
      sortingComparator: (one: Model, other: Model) => STATES.indexOf(one.state) - STATES.indexOf(other.state),
      cell: (model: Model) => <State state={model.state} />,
    },
    { id: "provider", header: models.provider, sortingField: "provider", minWidth: 120, cell: (model: Model) => model.provider ?? "–" },
    { id: "makes", header: models.makes, minWidth: 110, cell: (model: Model) => modalities(model.makes, texts) },
    {
      id: "size",
      header: models.size,
      minWidth: 90,
      sortingComparator: (one: Model, other: Model) => (one.local?.sizeBytes ?? 0) - (other.local?.sizeBytes ?? 0),
      cell: (model: Model) => (model.local?.sizeBytes ? formats.bytes(model.local.sizeBytes) : "–"),
    },
    {
      id: "context",
      header: models.context,
      minWidth: 110,
      sortingComparator: (one: Model, other: Model) => (one.local?.contextLength ?? 0) - (other.local?.contextLength ?? 0),
      cell: (model: Model) => (model.local?.contextLength ? formats.number(model.local.contextLength) : "–"),
    },
    { id: "licence", header: models.licence, minWidth: 110, cell: (model: Model) => model.local?.licence ?? "–" },
  ];
}
