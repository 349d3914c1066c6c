/** Requests as they come: those that run, and the last ones that ended. */

import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import Link from "@cloudscape-design/components/link";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Spinner from "@cloudscape-design/components/spinner";
import Toggle from "@cloudscape-design/components/toggle";
import { useCallback, useMemo, useState } from "react";
import type { RequestSummary } from "../../api/shapes";
import { follow, href, useHash } from "../../app/address";
import { Page } from "../../app/Page";
import { useSession } from "../../app/session";
import { ApiCall } from "../../parts/ApiCall";
import { Empty } from "../../parts/Empty";
import { Failed } from "../../parts/Failed";
import { useFormats, useTexts } from "../../texts/texts";
import { useAmounts } from "../usage/amounts";
import { useNames } from "../usage/names";
import { asked, filtered, keyOf } from "./filters";
import { Filters } from "./list/Filters";
import { Row } from "./list/Row";
import { Table } from "./list/Table";
import { MOST } from "./list/feed";
import { PAGE, useFeed } from "./list/useFeed";
import { useRequestsTexts } from "./texts";
import { useTimes } from "./times";
import { isReading } from "./words";
import "./requests.css";

const COLUMNS = ["time", "outcome", "operation", "model", "who", "tokens", "latency", "cost"] as const;
const idOf = ({ requestId }: RequestSummary) => requestId;

export default function Requests() {
  const { screens } = useTexts();
  const texts = useRequestsTexts();
  const formats = useFormats();
  const times = useTimes();
  const names = useNames();
  const amounts = useAmounts();
  const { api } = useSession();
  const [hash, change] = useHash();
  const [live, setLive] = useState(true);
  const filters = keyOf(hash);
  const wanted = useMemo(() => asked(new URLSearchParams(filters), Date.now()), [filters]);
  const { feed, seen, loading, failure, again } = useFeed(api, wanted, live);
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
    <Page
      title={screens.requests}
      description={texts.text}
      actions={
        <SpaceBetween direction="horizontal" size="s" alignItems="center">
          <Toggle checked={reads} onChange={({ detail }) => change({ reads: detail.checked ? "1" : null })}>
            {texts.reads}
          </Toggle>
          <Toggle checked={live} onChange={({ detail }) => setLive(detail.checked)}>
            {texts.live}
          </Toggle>
          <ApiCall calls={[{ service: "craton", operation: "ListRequests", input: { ...wanted, maxResults: PAGE } }]} />
        </SpaceBetween>
      }
    >
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
            label={screens.requests}
            columns={columns}
            items={items}
            idOf={idOf}
            row={row}
            empty={loading ? <Box textAlign="center">{texts.coming}</Box> : <Nothing filtered={filtered(hash)} onClear={clear} />}
          />
        </Container>
      </SpaceBetween>
    </Page>
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
