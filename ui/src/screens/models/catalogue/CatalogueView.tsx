/** The catalogue: a table, or cards where there is little room. */

import { useCollection } from "@cloudscape-design/collection-hooks";
import Button from "@cloudscape-design/components/button";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useMemo } from "react";
import type { Model } from "../../../api/models";
import { useHash } from "../../../app/address";
import { Empty } from "../../../parts/Empty";
import { usePages } from "../../../parts/usePages";
import { Failed } from "../../../parts/Failed";
import { useFormats, useTexts } from "../../../texts/texts";
import { Listing, PAGE } from "../parts/Listing";
import { useNames } from "../parts/names";
import type { Acting } from "../parts/useActing";
import type { Catalogue } from "../parts/useCatalogue";
import { useNarrow } from "../parts/useNarrow";
import { useModelsTexts } from "../texts";
import { columnsIn } from "./columns";
import { Filtering } from "./Filtering";
import { CLEARED, filtersIn, passes } from "./filters";
import { Others } from "./Others";

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
  const collection = useCollection(passing, {
    pagination: { pageSize: PAGE },
    sorting: { defaultState: { sortingColumn: columns[1] as (typeof columns)[number] } },
  });
  const { items } = collection;
  const { collectionProps, paginationProps } = usePages(collection, JSON.stringify(filters));

  const empty =
    all.length > 0 ? (
      <Empty title={texts.noMatch} text={texts.noMatchText}>
        <Button onClick={() => change(CLEARED)}>{texts.clear}</Button>
      </Empty>
    ) : (
      <Empty title={texts.none} text={texts.noneText} />
    );
  return (
    <SpaceBetween size="m">
      {failure && <Failed failure={failure} onAgain={again} />}
      {acting.failure && <Failed failure={acting.failure} />}
      <Others models={all} pulls={pulls} acting={acting} />
      <Listing<Model>
        label={texts.views.models}
        columns={columns}
        items={items}
        itemId="id"
        count={passing.length}
        collection={collectionProps}
        pages={paginationProps}
        loadingText={loading && !answer && loadingText}
        empty={empty}
        filter={<Filtering models={all} filters={filters} narrow={narrow} onChange={change} />}
      />
    </SpaceBetween>
  );
}
