/** How a budget stands this month: of each whom it counts apart, the largest first. */

import ProgressBar from "@cloudscape-design/components/progress-bar";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useAmounts } from "../../../parts/amounts";
import type { Names } from "../../../parts/names";
import type { Budget } from "./limits";
import { countedFor } from "./whom/Subject";
import { useLimitTexts } from "./texts";

const SHOWN = 3;

export function Spent({ budget, names }: { budget: Budget; names: Names }) {
  const texts = useLimitTexts();
  const { money } = useAmounts();
  const { amount, currency, use, budgetName } = budget;
  if (!use) return texts.notTold;
  if (use.length === 0) return <span className="under">{texts.unused}</span>;
  const write = (value: string) => money(Number(value), currency);
  return (
    <SpaceBetween size="xs">
      {use.slice(0, SHOWN).map(({ countedFor: whom, spent, forecast, reserved }) => {
        const share = Number(amount) > 0 ? (Number(spent) / Number(amount)) * 100 : 100;
        const over = Number(forecast) > Number(amount);
        return (
          <ProgressBar
            key={JSON.stringify(whom)}
            value={Math.min(100, share)}
            status={share >= 100 ? "error" : "in-progress"}
            resultText={texts.budgets.spentOf(write(spent), write(amount))}
            label={countedFor(whom, names) || undefined}
            ariaLabel={`${texts.budgets.spent}: ${countedFor(whom, names) || budgetName}`}
            additionalInfo={
              <>
                {texts.budgets.spentOf(write(spent), write(amount))}
                {Number(reserved) > 0 && `, ${texts.budgets.reserved(write(reserved))}`}
                <br />
                {over && "⚠ "}
                {texts.budgets.forecast(write(forecast))}
              </>
            }
          />
        );
      })}
      {use.length > SHOWN && <span className="under">{texts.more(use.length - SHOWN)}</span>}
    </SpaceBetween>
  );
}
