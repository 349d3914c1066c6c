/** A list: a table, or cards where there is little room. */

import Cards from "@cloudscape-design/components/cards";
import Pagination, { type PaginationProps } from "@cloudscape-design/components/pagination";
import Table, { type TableProps } from "@cloudscape-design/components/table";
import type { ReactNode } from "react";
import { useModelsTexts } from "../texts";
import { useNarrow } from "./useNarrow";

export const PAGE = 25;

export interface Column<Item> {
  id: string;
  header: string;
  cell: (item: Item) => ReactNode;
  sortingField?: string;
  sortingComparator?: (one: Item, other: Item) => number;
  minWidth?: number;
  isRowHeader?: boolean;
  /** Whether it has a line of a card to itself. */
  wide?: boolean;
}

interface Shown<Item> {
  label: string;
  columns: Column<Item>[];
  items: readonly Item[];
  itemId: string;
  /** Of how many the items are one page. */
  count: number;
  /** What the collection gives for the table, and for the pages. */
  collection: Partial<TableProps<Item>>;
  pages: PaginationProps;
  loadingText?: string | false;
  header?: ReactNode;
  filter?: ReactNode;
  empty?: ReactNode;
}

export function Listing<Item>({ label, columns, items, itemId, count, collection, pages, loadingText, header, filter, empty }: Shown<Item>) {
  const texts = useModelsTexts();
  const narrow = useNarrow();
  const shared = {
    items,
    trackBy: itemId,
    loading: Boolean(loadingText),
    loadingText: loadingText || "",
    header,
    filter,
    empty: empty ?? collection.empty,
    pagination: count > PAGE && (
      <Pagination {...pages} ariaLabels={{ previousPageLabel: texts.previous, nextPageLabel: texts.next, pageLabel: texts.page }} />
    ),
  };
  if (!narrow) {
    return (
      <Table<Item>
        {...collection}
        {...shared}
        columnDefinitions={columns}
        variant="container"
        wrapLines
        enableKeyboardNavigation
        ariaLabels={{ tableLabel: label }}
      />
    );
  }
  const [first, ...others] = columns;
  return (
    <Cards<Item>
      {...shared}
      ariaLabels={{ itemSelectionLabel: () => label, selectionGroupLabel: label, cardsLabel: label }}
      cardDefinition={{
        header: (item) => first?.cell(item),
        sections: others.map(({ id, header, cell, wide }) => ({ id, header, content: cell, width: wide ? 100 : 50 })),
      }}
    />
  );
}
