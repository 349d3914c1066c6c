/** One kind of what there is in an account, as a table with a filter by name. */

import { useCollection } from "@cloudscape-design/collection-hooks";
import Button from "@cloudscape-design/components/button";
import Header from "@cloudscape-design/components/header";
import Pagination from "@cloudscape-design/components/pagination";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Table, { type TableProps } from "@cloudscape-design/components/table";
import TextFilter from "@cloudscape-design/components/text-filter";
import type { ReactNode } from "react";
import type { Call } from "../../api/call";
import type { Loading } from "../../api/polling";
import { useHash } from "../../app/address";
import { ApiCall } from "../../parts/ApiCall";
import { Empty } from "../../parts/Empty";
import { usePages } from "../../parts/usePages";
import { Failed } from "../../parts/Failed";
import { useTexts } from "../../texts/texts";
import { usePeopleTexts } from "./texts";

const PAGE = 20;

interface Shown<Item> {
  title: string;
  text: string;
  asked: Loading<Item[]>;
  calls: Call[];
  nameOf: (item: Item) => string;
  columns: TableProps.ColumnDefinition<Item>[];
  empty: ReactNode;
  actions?: ReactNode;
}

export function Listing<Item>({ title, text, asked: { answer, failure, loading, again }, calls, nameOf, columns, empty, actions }: Shown<Item>) {
  const shared = useTexts();
  const texts = usePeopleTexts();
  const [hash, change] = useHash();
  const find = hash.get("find") ?? "";
  const all = answer ?? [];
  const passing = all.filter((item) => nameOf(item).toLowerCase().includes(find.toLowerCase()));
  const collection = useCollection(passing, { pagination: { pageSize: PAGE } });
  const { items } = collection;
  const { collectionProps, paginationProps } = usePages(collection, find);
  return (
    <SpaceBetween size="m">
      {failure && <Failed failure={failure} onAgain={again} />}
      <Table<Item>
        {...collectionProps}
        items={items}
        columnDefinitions={columns}
        loading={loading && !answer}
        loadingText={shared.loading}
        variant="container"
        wrapLines
        enableKeyboardNavigation
        ariaLabels={{ tableLabel: title }}
        empty={all.length > 0 ? <Empty title={texts.noMatch} text={texts.noMatchText} /> : empty}
        filter={
          <TextFilter
            filteringText={find}
            filteringPlaceholder={texts.find}
            filteringAriaLabel={texts.find}
            filteringClearAriaLabel={texts.clear}
            onChange={({ detail }) => change({ find: detail.filteringText || null })}
          />
        }
        pagination={passing.length > PAGE && <Pagination {...paginationProps} />}
        header={
          <Header
            variant="h2"
            description={text}
            counter={answer ? `(${all.length})` : ""}
            actions={
              <SpaceBetween direction="horizontal" size="xs">
                <Button iconName="refresh" ariaLabel={texts.refresh} loading={loading} onClick={again} />
                <ApiCall calls={calls} />
                {actions}
              </SpaceBetween>
            }
          >
            {title}
          </Header>
        }
      />
    </SpaceBetween>
  );
}
