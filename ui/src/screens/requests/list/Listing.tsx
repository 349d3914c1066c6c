/** The list itself, apart from its page, which need not be drawn anew with each request that comes. */

import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import Link from "@cloudscape-design/components/link";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Spinner from "@cloudscape-design/components/spinner";
import { useCallback, useMemo } from "react";
import type { ListRequestsRequest, RequestSummary } from "../../../api/shapes";
import { follow, href, useHash } from "../../../app/address";
import { useSession } from "../../../app/session";
import { Empty } from "../../../parts/Empty";
import { Failed } from "../../../parts/Failed";
import { useFormats } from "../../../texts/texts";
import { useAmounts } from "../../../parts/amounts";
import { useNames } from "../../../parts/names";
import { filtered } from "../filters";
import { useRequestsTexts } from "../texts";
import { useTimes } from "../times";
import { isReading } from "../words";
import { Filters } from "./Filters";
import { MOST } from "./feed";
import { Row } from "./Row";
import { type Place, Table } from "./Table";
import { useFeed } from "./useFeed";

const COLUMNS = ["time", "outcome", "operation", "model", "who", "tokens", "latency", "cost"] as const;
const idOf = ({ requestId }: RequestSummary) => requestId;

interface Shown {
  wanted: ListRequestsRequest;
  /** The same text as long as the same is asked for. */
  filters: string;
  live: boolean;
}

/** Where the list was left; other filters begin at its top. */
let left: { filters: string; place: Place } = { filters: "", place: { scrolled: 0, active: null } };

export function Listing({ wanted, filters, live }: Shown) {
  const texts = useRequestsTexts();
  const [formats, amounts, times, names] = [useFormats(), useAmounts(), useTimes(), useNames()];
  const { api } = useSession();
  const [hash, change] = useHash();
  const { feed, seen, loading, failure, again } = useFeed(api, wanted, filters, live);
  if (left.filters !== filters) left = { filters, place: { scrolled: 0, active: null } };
  const reads = hash.get("reads") === "1";
  const items = useMemo(() => {
    const all = [...feed.running, ...feed.ended];
    return reads ? all : all.filter((request) => !isReading(request));
  }, [feed.running, feed.ended, reads]);
  const columns = useMemo(() => COLUMNS.map((id) => ({ id, header: texts.columns[id] })), [texts]);
  const row = useCallback(
    (request: RequestSummary, tabIndex: 0 | -1) => <Row {...{ request, tabIndex, names, amounts, formats, times }} />,
    [names, amounts, formats, times],
  );
  const clear = () => change(Object.fromEntries([...hash.keys()].map((name) => [name, null])));
  return (
    <SpaceBetween size="m">
      {failure && <Failed failure={failure} onAgain={again} />}
      <Container
        header={
          <SpaceBetween size="s">
            <Header variant="h2" counter={texts.count(formats.number(items.length), items.length >= MOST)} info={loading && <Spinner />}>
              {texts.list}
            </Header>
            <Filters hash={hash} seen={seen} names={names} onChange={change} />
          </SpaceBetween>
        }
      >
        <Table
          label={texts.list}
          columns={columns}
          items={items}
          idOf={idOf}
          row={row}
          place={left.place}
          empty={loading ? <Box textAlign="center">{texts.coming}</Box> : <Nothing filtered={filtered(hash)} onClear={clear} />}
        />
      </Container>
    </SpaceBetween>
  );
}

function Nothing({ filtered: some, onClear }: { filtered: boolean; onClear: () => void }) {
  const { none } = useRequestsTexts();
  if (some) {
    return (
      <Empty title={none.match} text={none.matchText}>
        <Button onClick={onClear}>{none.clear}</Button>
      </Empty>
    );
  }
  return (
    <Empty title={none.title} text={none.text}>
      <SpaceBetween direction="horizontal" size="s">
        <Link href={href("/")} onFollow={follow}>
          {none.home}
        </Link>
        <Link href={href("/playground")} onFollow={follow}>
          {none.playground}
        </Link>
      </SpaceBetween>
    </Empty>
  );
}
