/** Single invocations, the newest first. */

import Button from "@cloudscape-design/components/button";
import Header from "@cloudscape-design/components/header";
import Link from "@cloudscape-design/components/link";
import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import Table from "@cloudscape-design/components/table";
import { useCallback, useState } from "react";
import { type Failure, failureOf } from "../../api/failure";
import { useCall } from "../../api/polling";
import type { ListInvocationsResponse, UsageInvocation } from "../../api/shapes";
import { follow, href } from "../../app/address";
import { useSession } from "../../app/session";
import { ApiCall } from "../../parts/ApiCall";
import { Empty } from "../../parts/Empty";
import { Failed } from "../../parts/Failed";
import { useFormats, useTexts } from "../../texts/texts";
import { useAmounts } from "../../parts/amounts";
import { operationOf } from "../requests/words";
import { selection } from "./asked/asked";
import { Time } from "./asked/Time";
import { Filters } from "./asked/Filters";
import { useLabels } from "./asked/labels";
import { type Names, useNames } from "../../parts/names";
import { useUsageTexts } from "./texts";
import { useAsked } from "./asked/useAsked";

const PAGE = 50;

export default function Invocations() {
  const texts = useUsageTexts();
  const { api } = useSession();
  const [asked] = useAsked();
  const names = useNames();
  const labels = useLabels();
  const [more, setMore] = useState<{ of: ListInvocationsResponse; found: UsageInvocation[]; token: string | undefined } | null>(null);
  const [failed, setFailed] = useState<Failure | null>(null);
  const [adding, setAdding] = useState(false);
  const first = useCallback(
    async (signal: AbortSignal) => {
      const request = { ...selection(asked, new Date()), maxResults: PAGE };
      return { request, answer: await api.craton("ListInvocations", request, signal) };
    },
    [api, asked],
  );
  const { answer: asking, failure, loading, again } = useCall(first);
  const further = asking && more?.of === asking.answer ? more : null;
  const all = asking ? [...asking.answer.invocations, ...(further?.found ?? [])] : [];
  const token = further ? further.token : asking?.answer.nextToken;

  async function add(): Promise<void> {
    if (!asking || !token) return;
    setAdding(true);
    setFailed(null);
    try {
      const next = await api.craton("ListInvocations", { ...asking.request, nextToken: token });
      setMore({ of: asking.answer, found: [...(further?.found ?? []), ...next.invocations], token: next.nextToken });
    } catch (error) {
      setFailed(failureOf(error));
    }
    setAdding(false);
  }

  return (
    <SpaceBetween size="l">
      <div className="asking">
        <Time span={asked.span} />
        <div className="asking-acts">
          <Button iconName="refresh" ariaLabel={texts.refresh} loading={loading} onClick={again} />
          <ApiCall calls={[{ service: "craton", operation: "ListInvocations", input: { ...selection(asked, new Date()), maxResults: PAGE } }]} />
        </div>
      </div>
      <Filters asked={asked} names={names} more={labels} />
      {(failure ?? failed) && <Failed failure={(failure ?? failed) as Failure} onAgain={failure ? again : () => void add()} />}
      <Listing all={all} names={names} loading={loading && !asking} />
      {token && (
        <Button onClick={() => void add()} loading={adding}>
          {texts.invocations.more}
        </Button>
      )}
    </SpaceBetween>
  );
}

function Listing({ all, names, loading }: { all: UsageInvocation[]; names: Names; loading: boolean }) {
  const shared = useTexts();
  const texts = useUsageTexts();
  const formats = useFormats();
  const amounts = useAmounts();
  const { invocations, dimensions } = texts;
  return (
    <Table<UsageInvocation>
      items={all}
      trackBy="invocationId"
      loading={loading}
      loadingText={shared.loading}
      variant="container"
      wrapLines
      enableKeyboardNavigation
      ariaLabels={{ tableLabel: texts.tabs.invocations }}
      header={
        <Header variant="h2" description={invocations.text} counter={invocations.count(formats.number(all.length))}>
          {texts.tabs.invocations}
        </Header>
      }
      empty={<Empty title={texts.empty} text={texts.emptyText} />}
      columnDefinitions={[
        {
          id: "started",
          header: invocations.started,
          minWidth: 165,
          isRowHeader: true,
          cell: ({ startedAt, requestId }) => (
            <Link href={href(`/requests/${encodeURIComponent(requestId)}`)} onFollow={follow}>
              {formats.time(new Date(startedAt))}
            </Link>
          ),
        },
        { id: "model", header: dimensions.model, minWidth: 135, cell: ({ modelId }) => names.of("model", modelId) },
        {
          id: "who",
          header: dimensions.principal,
          minWidth: 120,
          cell: ({ principal, keyId }) => (
            <>
              {names.of("principal", principal)}
              {keyId && <div className="under">{names.full("key", keyId)}</div>}
            </>
          ),
        },
        { id: "operation", header: dimensions.operation, minWidth: 130, cell: ({ operation }) => <span title={operation}>{operationOf(operation)}</span> },
        { id: "status", header: dimensions.status, minWidth: 135, cell: ({ status }) => <Status status={status} /> },
        {
          id: "tokens",
          header: invocations.tokens,
          minWidth: 85,
          cell: ({ inputTokens, outputTokens, estimated }) => (
            <>
              {formats.number(inputTokens)} / {formats.number(outputTokens)}
              {estimated && <div className="under">{invocations.estimated}</div>}
            </>
          ),
        },
        { id: "latency", header: texts.measures.latency, minWidth: 80, cell: ({ latencyMs }) => formats.duration(latencyMs) },
        { id: "cost", header: texts.measures.cost, minWidth: 80, cell: ({ cost, currency }) => amounts.money(Number(cost), currency) },
      ]}
    />
  );
}

function Status({ status }: { status: string }) {
  const { invocations } = useUsageTexts();
  if (status === "OK") return <StatusIndicator type="success">{invocations.ok}</StatusIndicator>;
  if (status === "CANCELLED") return <StatusIndicator type="stopped">{invocations.cancelled}</StatusIndicator>;
  return <StatusIndicator type="error">{status === "LOST" ? invocations.lost : status}</StatusIndicator>;
}
