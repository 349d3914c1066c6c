/** How a quota stands at this moment: of each whom it counts apart, the largest first. */

import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import type { QuotaUse } from "../../../api/shapes";
import { useFormats } from "../../../texts/texts";
import type { Names } from "../../../parts/names";
import { COUNTS, type CountName, type Quota } from "./limits";
import { countedFor } from "./whom/Subject";
import { useLimitTexts } from "./texts";

const SHOWN = 3;

export function Now({ quota, names }: { quota: Quota; names: Names }) {
  const texts = useLimitTexts();
  const formats = useFormats();
  if (!quota.use) return texts.notTold;
  if (quota.use.length === 0) return <span className="under">{texts.unused}</span>;
  return (
    <SpaceBetween size="xs">
      {quota.use.slice(0, SHOWN).map((use) => (
        <div key={JSON.stringify(use.countedFor)}>
          {countedFor(use.countedFor, names) && <div className="under">{countedFor(use.countedFor, names)}</div>}
          {COUNTS.filter((name) => quota[name] !== undefined).map((name) => {
            const [used, limit] = [usedOf(use, name), quota[name] ?? 0];
            return (
              <div key={name}>
                <StatusIndicator type={used >= limit ? "error" : used > 0.8 * limit ? "warning" : "success"}>
                  {formats.number(used)} / {formats.number(limit)} {texts.quotas.nowText[name]}
                </StatusIndicator>
              </div>
            );
          })}
        </div>
      ))}
      {quota.use.length > SHOWN && <span className="under">{texts.more(quota.use.length - SHOWN)}</span>}
    </SpaceBetween>
  );
}

/** Whether a limit of it lets nothing more through, for somebody. */
export function reached(quota: Quota): boolean {
  return (quota.use ?? []).some((use) => COUNTS.some((name) => usedOf(use, name) >= (quota[name] ?? Infinity)));
}

function usedOf(use: QuotaUse, name: CountName): number {
  switch (name) {
    case "requestsPerMinute":
      return use.requestsLastMinute;
    case "tokensPerMinute":
      return use.tokensLastMinute + use.tokensReserved;
    case "tokensPerDay":
      return (use.tokensToday ?? 0) + use.tokensReserved;
    case "concurrentRequests":
      return use.requestsRunning;
  }
}
