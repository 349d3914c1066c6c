/** The catalogue: a table, or cards where there is little room. */

import { useCollection } from "@cloudscape-design/collection-hooks";
import Button from "@cloudscape-design/components/button";
import Cards from "@cloudscape-design/components/cards";
import Pagination from "@cloudscape-design/components/pagination";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Table from "@cloudscape-design/components/table";
import { useMemo } from "react";
import type { Model } from "../../../api/models";
import { useHash } from "../../../app/address";
import { Empty } from "../../../parts/Empty";
import { Failed } from "../../../parts/Failed";
import { useFormats, useTexts } from "../../../texts/texts";
import { useNames } from "../parts/names";
import type { Acting } from "../parts/useActing";
import type { Catalogue } from "../parts/useCatalogue";
import { useNarrow } from "../parts/useNarrow";
import { useModelsTexts } from "../texts";
import { columnsIn, Named } from "./columns";
import { Filtering } from "./Filtering";
import { CLEARED, filtersIn, passes } from "./filters";

const PAGE = 25;

export function CatalogueView({ catalogue, acting }: { catalogue: Catalogue; acting: Acting }) {
  const texts = useModelsTexts();
  const { loading: loadingText } = useTexts();
  const formats = useFormats();
  const names = useNames();
  const narrow = useNarrow();
  const [hash, change] = useHash();
  const { answer, failure, loading, pulls, operator, again } = catalogue;
  const filters = useMemo(() => filtersIn(hash), [hash]);
  const all = useMemo(() => answer ?? [], [answer]);
  const passing = useMemo(() => all.filter((model) => passes(model, filters)), [all, filters]);
  const columns = columnsIn({ texts, formats, names, pulls, acting, operator });
  const { items, collectionProps, paginationProps } = useCollection(passing, {
    pagination: { pageSize: PAGE },
    sorting: { defaultState: { sortingColumn: columns[1] as (typeof columns)[number] } },
  });

  const empty =
    all.length > 0 ? (
      <Empty title={texts.noMatch} text={texts.noMatchText}>
        <Button onClick={() => change(CLEARED)}>{texts.clear}</Button>
      </Empty>
    ) : (
      <Empty title={texts.none} text={texts.noneText} />
    );
  const shared = {
    items,
    trackBy: "id",
    loading: loading && !answer,
    loadingText,
    empty,
    filter: <Filtering models={all} filters={filters} narrow={narrow} onChange={change} />,
    pagination: passing.length > PAGE && (
      <Pagination {...paginationProps} ariaLabels={{ previousPageLabel: texts.previous, nextPageLabel: texts.next, pageLabel: texts.page }} />
    ),
  };
  return (
    <SpaceBetween size="m">
      {failure && <Failed failure={failure} onAgain={again} />}
      {acting.failure && <Failed failure={acting.failure} />}
      {narrow ? (
        <Cards<Model>
          {...shared}
          ariaLabels={{ itemSelectionLabel: (_, model) => model.name, selectionGroupLabel: texts.views.models, cardsLabel: texts.views.models }}
          cardDefinition={{
            header: (model) => <Named model={model} />,
            sections: columns.slice(1).map(({ id, header, cell }) => ({ id, header, content: cell, width: id === "state" ? 100 : 50 })),
          }}
        />
      ) : (
        <Table<Model>
          {...collectionProps}
          {...shared}
          columnDefinitions={columns}
          variant="container"
          wrapLines
          enableKeyboardNavigation
          ariaLabels={{ tableLabel: texts.views.models }}
        />
      )}
    </SpaceBetween>
  );
}
