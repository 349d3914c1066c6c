/** Which page of a list is shown stands behind the # of the address: the way back from one of its things leads to the same page. */

import type { UseCollectionResult } from "@cloudscape-design/collection-hooks";
import { useEffect, useRef } from "react";
import { useHash } from "../app/address";

/** `filters` is another text where other things are listed: then the first page is shown. */
export function usePages<Item>({ actions, collectionProps, paginationProps }: UseCollectionResult<Item>, filters: string) {
  const [hash, change] = useHash();
  const page = pageIn(hash.get("page"));
  const before = useRef(filters);
  const { setCurrentPage } = actions;
  const turn = useRef(setCurrentPage);
  turn.current = setCurrentPage;

  useEffect(() => turn.current(page), [page]);

  useEffect(() => {
    if (before.current === filters) return;
    before.current = filters;
    change({ page: null });
  }, [filters, change]);

  return {
    collectionProps: {
      ...collectionProps,
      onSortingChange: (event: Parameters<NonNullable<typeof collectionProps.onSortingChange>>[0]) => {
        change({ page: null });
        collectionProps.onSortingChange?.(event);
      },
    },
    paginationProps: {
      ...paginationProps,
      onChange: ({ detail }: { detail: { currentPageIndex: number } }) => change({ page: detail.currentPageIndex === 1 ? null : String(detail.currentPageIndex) }),
    },
  };
}

/** From 1. */
export function pageIn(text: string | null): number {
  return /^[1-9]\d{0,5}$/.test(text ?? "") ? Number(text) : 1;
}
