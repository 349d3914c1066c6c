/** The models that a request asked, and what each used. */

import Header from "@cloudscape-design/components/header";
import Link from "@cloudscape-design/components/link";
import Table from "@cloudscape-design/components/table";
import { useMemo } from "react";
import type { GetRequestResponse, RequestInvocation } from "../../../api/shapes";
import { follow, href } from "../../../app/address";
import { useFormats } from "../../../texts/texts";
import { useAmounts } from "../../../parts/amounts";
import type { Names } from "../../../parts/names";
import { useRequestsTexts } from "../texts";

export function Asked({ request, names }: { request: GetRequestResponse; names: Names }) {
  const texts = useRequestsTexts();
  const formats = useFormats();
  const amounts = useAmounts();
  const columns = useMemo(
    () => [
      {
        id: "model",
        header: texts.columns.model,
        isRowHeader: true,
        minWidth: 160,
        cell: ({ modelId }: RequestInvocation) => (
          <Link href={href(`/models/${encodeURIComponent(modelId)}`)} onFollow={follow}>
            {names.of("model", modelId)}
          </Link>
        ),
      },
      { id: "status", header: texts.columns.outcome, minWidth: 100, cell: ({ status }: RequestInvocation) => (status === "OK" ? texts.outcomes.SUCCESS : status) },
      { id: "input", header: texts.asked.input, minWidth: 80, cell: ({ usage }: RequestInvocation) => formats.number(usage.inputTokens) },
      { id: "cached", header: texts.asked.cached, minWidth: 80, cell: ({ usage }: RequestInvocation) => formats.number(usage.cacheReadInputTokens ?? 0) },
      { id: "output", header: texts.asked.output, minWidth: 80, cell: ({ usage }: RequestInvocation) => formats.number(usage.outputTokens) },
      {
        id: "first",
        header: texts.asked.first,
        minWidth: 100,
        cell: ({ timeToFirstTokenMs }: RequestInvocation) => (timeToFirstTokenMs === undefined ? "–" : formats.duration(timeToFirstTokenMs)),
      },
      { id: "latency", header: texts.columns.latency, minWidth: 80, cell: ({ latencyMs }: RequestInvocation) => formats.duration(latencyMs) },
      { id: "cost", header: texts.columns.cost, minWidth: 80, cell: ({ cost, currency }: RequestInvocation) => amounts.money(Number(cost), currency) },
    ],
    [texts, formats, amounts, names],
  );
  return (
    <Table
      header={<Header variant="h2">{texts.asked.title}</Header>}
      items={request.invocations}
      columnDefinitions={columns}
      ariaLabels={{ tableLabel: texts.asked.title }}
    />
  );
}
