/** What a key used. */

import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useCallback } from "react";
import { useCall } from "../../../api/polling";
import { follow, href } from "../../../app/address";
import { useSession } from "../../../app/session";
import { ApiCall } from "../../../parts/ApiCall";
import { Failed } from "../../../parts/Failed";
import { Figures } from "../../usage/report/Figures";
import { useKeyTexts } from "../texts";

const EVERY = 5000;

export function Used({ keyId }: { keyId: string }) {
  const { one } = useKeyTexts();
  const { api } = useSession();
  const input = { filters: { key: [keyId] } };
  const { answer, failure, again } = useCall(
    useCallback((signal: AbortSignal) => api.craton("GetUsage", { filters: { key: [keyId] } }, signal), [api, keyId]),
    EVERY,
  );
  return (
    <SpaceBetween size="s">
      <Header
        variant="h2"
        actions={
          <SpaceBetween direction="horizontal" size="xs">
            <ApiCall calls={[{ service: "craton", operation: "GetUsage", input }]} />
            <Button href={`${href("/usage")}#by=model&key=${encodeURIComponent(keyId)}`} onFollow={follow}>
              {one.report}
            </Button>
          </SpaceBetween>
        }
      >
        {one.used}
      </Header>
      {failure && <Failed failure={failure} onAgain={again} />}
      {answer && (answer.groups.length > 0 ? <Figures totals={answer.groups} /> : <Box color="text-body-secondary">{one.usedNone}</Box>)}
    </SpaceBetween>
  );
}
