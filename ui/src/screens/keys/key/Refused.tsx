/** The last requests of a key that were refused, and why. */

import Box from "@cloudscape-design/components/box";
import Header from "@cloudscape-design/components/header";
import Link from "@cloudscape-design/components/link";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import Table from "@cloudscape-design/components/table";
import { useCallback } from "react";
import { useCall } from "../../../api/polling";
import type { RequestSummary } from "../../../api/shapes";
import { follow, href } from "../../../app/address";
import { useSession } from "../../../app/session";
import { ApiCall } from "../../../parts/ApiCall";
import { Failed } from "../../../parts/Failed";
import { useFormats } from "../../../texts/texts";
import { useKeyTexts } from "../texts";

const EVERY = 5000;
const SHOWN = 10;

export function Refused({ keyId }: { keyId: string }) {
  const { one } = useKeyTexts();
  const formats = useFormats();
  const { api } = useSession();
  const input = { accessKeyId: keyId, outcome: "CLIENT_ERROR", maxResults: SHOWN } as const;
  const ask = useCallback(
    (signal: AbortSignal) => api.craton("ListRequests", { accessKeyId: keyId, outcome: "CLIENT_ERROR", maxResults: SHOWN }, signal),
    [api, keyId],
  );
  const { answer, failure, again } = useCall(ask, EVERY);
  if (failure) return <Failed failure={failure} onAgain={again} />;
  return (
    <Table<RequestSummary>
      items={answer?.requests ?? []}
      trackBy="requestId"
      variant="container"
      wrapLines
      enableKeyboardNavigation
      ariaLabels={{ tableLabel: one.refused }}
      header={
        <Header variant="h2" actions={<ApiCall calls={[{ service: "craton", operation: "ListRequests", input }]} />}>
          {one.refused}
        </Header>
      }
      empty={<Box color="text-body-secondary">{one.refusedNone}</Box>}
      columnDefinitions={[
        {
          id: "at",
          header: one.at,
          isRowHeader: true,
          cell: ({ startedAt, requestId }) => (
            <Link href={href(`/requests/${encodeURIComponent(requestId)}`)} onFollow={follow}>
              {formats.time(new Date(startedAt))}
            </Link>
          ),
        },
        { id: "operation", header: one.operation, cell: ({ operation }) => operation },
        { id: "error", header: one.error, cell: ({ status, errorCode }) => <StatusIndicator type="error">{`${status} ${errorCode ?? ""}`}</StatusIndicator> },
      ]}
    />
  );
}
