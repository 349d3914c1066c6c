/** Changes the limits of a key that is in use. */

import { useState } from "react";
import type { Api } from "../../api/api";
import type { Call } from "../../api/call";
import { useSession } from "../../app/session";
import { ApiCall } from "../../parts/ApiCall";
import { Dialog } from "../../parts/Dialog";
import { CURRENCIES } from "../usage/limits/BudgetDialog";
import { budgetWith, quotaWith } from "../usage/limits/limits";
import type { useWhom } from "../usage/limits/useWhom";
import type { Key } from "./keys";
import { LimitFields } from "./LimitFields";
import { COUNTED, limitForm, typedOf } from "./limit-form";
import { type Limits, limitCalls, limitName, send } from "./making";
import { useKeyTexts } from "./texts";

interface Shown {
  of: Key;
  whom: ReturnType<typeof useWhom>;
  onDone: () => void;
  onClose: () => void;
}

export function ChangeLimits({ of: key, whom, onDone, onClose }: Shown) {
  const texts = useKeyTexts();
  const { api } = useSession();
  const [typed, setTyped] = useState(() => typedOf(key.limits ?? { quotas: [], budgets: [] }, limitName(key.keyId)));
  const currencies = [...new Set([...(typed.currency ? [typed.currency] : []), ...(whom.currencies.length > 0 ? whom.currencies : CURRENCIES)])];
  const form = limitForm(typed, currencies);
  const calls = changes(key, form.limits);
  return (
    <Dialog
      title={texts.one.change}
      action={texts.save}
      size="large"
      disabled={form.wrong.length > 0 || calls.length === 0}
      onClose={onClose}
      onAction={async () => {
        await all(api, calls);
        onDone();
      }}
    >
      <LimitFields form={form} currencies={currencies} onChange={(changes) => setTyped({ ...typed, ...changes })} />
      <ApiCall variant="inline-link" calls={calls} />
    </Dialog>
  );
}

async function all(api: Api, calls: Call[]): Promise<void> {
  for (const call of calls) await send(api, call);
}

/** What is no limit any more is deleted; what else a quota or budget has is kept. */
export function changes({ keyId, limits }: Key, meant: Limits): Call[] {
  const name = limitName(keyId);
  const quota = limits?.quotas.find(({ quotaName }) => quotaName === name);
  const budget = limits?.budgets.find(({ budgetName }) => budgetName === name);
  const { budget: money, ...counts } = meant;
  const put = limitCalls(meant, keyId).map((call): Call => {
    if (call.operation === "PutQuota" && quota) return { ...call, input: quotaWith(quota, Object.fromEntries(COUNTED.map((each) => [each, counts[each]]))) };
    if (call.operation === "PutBudget" && budget && money) return { ...call, input: { ...budgetWith(budget, { amount: money.amount }), currency: money.currency } };
    return call;
  });
  const none = Object.keys(counts).length === 0;
  const left = quota?.concurrentRequests !== undefined;
  return [
    ...put,
    ...(quota && none && left ? [{ service: "craton", operation: "PutQuota", input: quotaWith(quota, Object.fromEntries(COUNTED.map((each) => [each, undefined]))) } as const] : []),
    ...(quota && none && !left ? [{ service: "craton", operation: "DeleteQuota", input: { quotaName: name } } as const] : []),
    ...(budget && !money ? [{ service: "craton", operation: "DeleteBudget", input: { budgetName: name } } as const] : []),
  ];
}
