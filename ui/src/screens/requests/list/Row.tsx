/** A request in the list. */

import { memo, type MouseEvent } from "react";
import type { RequestSummary } from "../../../api/shapes";
import { go, href } from "../../../app/address";
import type { Formats } from "../../../texts/texts";
import type { Amounts } from "../../../parts/amounts";
import type { Names } from "../../../parts/names";
import type { Times } from "../times";
import { operationOf } from "../words";
import { Light } from "./Light";

interface Shown {
  request: RequestSummary;
  tabIndex: 0 | -1;
  names: Names;
  amounts: Amounts;
  formats: Formats;
  times: Times;
}

/** As long as a request stays the same, so does its row. */
export const Row = memo(function Row({ request, tabIndex, names, amounts, formats, times }: Shown) {
  const { requestId, outcome, status, errorCode, operation, modelId, principal, usage, latencyMs, cost, currency } = request;
  const to = `/requests/${encodeURIComponent(requestId)}`;

  function open(event: MouseEvent): void {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    go(to);
  }

  return (
    <>
      <div role="gridcell" className="requests-time">
        {times.short(new Date(request.startedAt))}
      </div>
      <div role="gridcell" className="requests-outcome" title={errorCode}>
        <Light outcome={outcome} status={status} error={errorCode} />
      </div>
      <div role="gridcell" className="requests-operation">
        <a className="requests-link" href={href(to)} tabIndex={tabIndex} onClick={open} title={operation}>
          {operationOf(operation)}
        </a>
      </div>
      <div role="gridcell" className="requests-model" title={modelId}>
        {modelId ? names.of("model", modelId) : "–"}
      </div>
      <div role="gridcell" className="requests-who" title={principal}>
        {principal ? names.of("principal", principal) : "–"}
      </div>
      <div role="gridcell" className="requests-tokens">
        {usage ? `${formats.number(usage.inputTokens)} → ${formats.number(usage.outputTokens)}` : "–"}
      </div>
      <div role="gridcell" className="requests-latency">
        {formats.duration(latencyMs)}
      </div>
      <div role="gridcell" className="requests-cost">
        {cost !== undefined && currency ? amounts.money(Number(cost), currency) : "–"}
      </div>
    </>
  );
});
