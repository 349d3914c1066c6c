/** Keys as a table: whose each is, what it may, its limits, and when it ends and was last used. */

import { useCollection } from "@cloudscape-design/collection-hooks";
import Link from "@cloudscape-design/components/link";
import Pagination from "@cloudscape-design/components/pagination";
import Table, { type TableProps } from "@cloudscape-design/components/table";
import type { ReactNode } from "react";
import { follow, href } from "../../app/address";
import { useTexts } from "../../texts/texts";
import { usePages } from "../../parts/usePages";
import { KeyActs } from "./key/KeyActs";
import type { Key } from "./keys";
import { LimitWords } from "./limits/LimitWords";
import type { Made } from "./create/making";
import { Reach, type Reaches, useReaches } from "./reach/Reach";
import { Expires, LastUsed, Status } from "./key/Status";
import { type KeyTexts, useKeyTexts } from "./texts";

const PAGE = 20;

interface Shown {
  keys: Key[];
  loading: boolean;
  empty: ReactNode;
  filter?: ReactNode;
  /** Another text where other keys are listed. */
  filters?: string;
  header?: ReactNode;
  /** Whether whose they are, and what they may, is told of each. */
  withUser: boolean;
  onMade: (made: Made) => void;
  onDone: () => void;
}

export function KeysTable({ keys, loading, empty, filter, filters = "", header, withUser, onMade, onDone }: Shown) {
  const shared = useTexts();
  const texts = useKeyTexts();
  const counts = new Map<string, number>();
  for (const { userName = "" } of keys) counts.set(userName, (counts.get(userName) ?? 0) + 1);
  const collection = useCollection(keys, { pagination: { pageSize: PAGE }, sorting: {} });
  const { items } = collection;
  const { collectionProps, paginationProps } = usePages(collection, filters);
  const reaches = useReaches(withUser ? items.map(({ userName = "" }) => userName) : []);
  const acts: TableProps.ColumnDefinition<Key> = {
    id: "acts",
    header: texts.act.name,
    minWidth: 80,
    cell: (key) => (
      <KeyActs of={key} only={key.userName !== "root" && counts.get(key.userName ?? "") === 1} variant="icon" onMade={onMade} onDone={onDone} />
    ),
  };
  return (
    <Table<Key>
      {...collectionProps}
      items={items}
      trackBy="keyId"
      columnDefinitions={[...columnsIn(texts, withUser ? reaches : null), acts]}
      loading={loading}
      loadingText={shared.loading}
      variant="container"
      wrapLines
      enableKeyboardNavigation
      empty={empty}
      filter={filter}
      header={header}
      ariaLabels={{ tableLabel: shared.screens.keys }}
      pagination={keys.length > PAGE && <Pagination {...paginationProps} />}
    />
  );
}

/** `reaches` is what their users may, where that and whose they are is told of each. */
function columnsIn(texts: KeyTexts, reaches: Reaches | null): TableProps.ColumnDefinition<Key>[] {
  const by = (of: (key: Key) => string) => (one: Key, other: Key) => of(one).localeCompare(of(other));
  return [
    {
      id: "key",
      header: reaches ? texts.user : texts.key,
      isRowHeader: true,
      minWidth: 200,
      sortingComparator: by(({ userName = "" }) => userName),
      cell: ({ keyId, userName, type }) => (
        <>
          <Link href={href(`/keys/${encodeURIComponent(keyId)}`)} onFollow={follow}>
            {reaches && userName ? userName : keyId}
          </Link>
          <div className="under">
            {texts.types[type]}
            {reaches && ` ${keyId}`}
          </div>
        </>
      ),
    },
    ...(reaches ? [{ id: "may", header: texts.may, minWidth: 190, cell: ({ userName = "" }: Key) => <Reach of={reaches.get(userName)} /> }] : []),
    { id: "limits", header: texts.limits, minWidth: 130, cell: ({ limits }) => <LimitWords limits={limits} /> },
    { id: "status", header: texts.status, minWidth: 110, sortingComparator: by(({ status }) => status), cell: (key) => <Status of={key} /> },
    {
      id: "expires",
      header: texts.expires,
      minWidth: 120,
      sortingComparator: by(({ expiresAt = "9" }) => expiresAt),
      cell: (key) => <Expires of={key} />,
    },
    {
      id: "used",
      header: texts.lastUsed,
      minWidth: 130,
      sortingComparator: by(({ lastUsedAt = "" }) => lastUsedAt),
      cell: (key) => <LastUsed of={key} />,
    },
  ];
}
