/** How the limits that are about one key alone stand. */

import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useCallback } from "react";
import { useCall } from "../../../api/polling";
import { useSession } from "../../../app/session";
import { Empty } from "../../../parts/Empty";
import { Failed } from "../../../parts/Failed";
import { useNames } from "../../../parts/names";
import type { Budget, Quota } from "../../usage/limits/limits";
import { Now, reached } from "../../usage/limits/Now";
import { Spent } from "../../usage/limits/Spent";
import { type Key, keysOf } from "../keys";
import { useKeyTexts } from "../texts";

const EVERY = 3000;

export function Standing({ of: { keyId, limits } }: { of: Key }) {
  const texts = useKeyTexts();
  const names = useNames();
  const { api } = useSession();
  const ask = useCallback(
    async (signal: AbortSignal) => {
      const quotas = (limits?.quotas ?? []).map(({ quotaName, setBy }): Promise<Quota> => api.craton("GetQuota", { quotaName, setBy }, signal));
      const budgets = (limits?.budgets ?? []).map(({ budgetName, setBy }): Promise<Budget> => api.craton("GetBudget", { budgetName, setBy }, signal));
      return { quotas: await Promise.all(quotas), budgets: await Promise.all(budgets) };
    },
    [api, limits],
  );
  const { answer, failure, again } = useCall(ask, EVERY);
  if (failure) return <Failed failure={failure} onAgain={again} />;
  if (!answer) return null;
  const { quotas, budgets } = answer;
  if (quotas.length + budgets.length === 0) return <Empty title={texts.one.standingNone} text={texts.one.standingNoneText} />;
  const together = [...new Set([...quotas, ...budgets].flatMap(keysOf))].filter((id) => id !== keyId);
  const spent = budgets.some(({ use }) => use?.some(({ left }) => Number(left) <= 0));
  return (
    <SpaceBetween size="m">
      {(spent || quotas.some(reached)) && <Alert type="warning">{texts.one.hit}</Alert>}
      {together.length > 0 && <Box color="text-body-secondary">{texts.one.together(together.join(", "))}</Box>}
      {quotas.map((quota) => (
        <Now key={quota.quotaName} quota={quota} names={names} />
      ))}
      {budgets.map((budget) => (
        <Spent key={budget.budgetName} budget={budget} names={names} />
      ))}
    </SpaceBetween>
  );
}
