/** Requests as they come: those that run, and the last ones that ended. */

import SpaceBetween from "@cloudscape-design/components/space-between";
import Toggle from "@cloudscape-design/components/toggle";
import { useMemo, useState } from "react";
import { useHash } from "../../app/address";
import { Page } from "../../app/Page";
import { ApiCall } from "../../parts/ApiCall";
import { useTexts } from "../../texts/texts";
import { asked, keyOf } from "./filters";
import { Listing } from "./list/Listing";
import { PAGE } from "./list/useFeed";
import { useRequestsTexts } from "./texts";
import "./requests.css";

export default function Requests() {
  const { screens } = useTexts();
  const texts = useRequestsTexts();
  const [hash, change] = useHash();
  const [live, setLive] = useState(true);
  const filters = keyOf(hash);
  const wanted = useMemo(() => asked(new URLSearchParams(filters), Date.now()), [filters]);
  return (
    <Page
      title={screens.requests}
      description={texts.text}
      actions={
        <SpaceBetween direction="horizontal" size="s" alignItems="center">
          <Toggle checked={hash.get("reads") === "1"} onChange={({ detail }) => change({ reads: detail.checked ? "1" : null })}>
            {texts.reads}
          </Toggle>
          <Toggle checked={live} onChange={({ detail }) => setLive(detail.checked)}>
            {texts.live}
          </Toggle>
          <ApiCall calls={[{ service: "craton", operation: "ListRequests", input: { ...wanted, maxResults: PAGE } }]} />
        </SpaceBetween>
      }
    >
      <Listing wanted={wanted} filters={filters} live={live} />
    </Page>
  );
}
