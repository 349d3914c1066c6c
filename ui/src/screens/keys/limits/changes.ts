/** How the limits of a key become what is meant. */

import type { Call } from "../../../api/call";
import { budgetWith, quotaWith } from "../../usage/limits/limits";
import type { Key } from "../keys";
import { COUNTED, ownLimits } from "./limit-form";
import { type Limits, limitCalls } from "../create/making";

/** What is no limit any more is deleted; what else a quota or budget has is kept. */
export function changes({ keyId, limits }: Key, meant: Limits): Call[] {
  const { quota, budget } = ownLimits(limits ?? { quotas: [], budgets: [] });
  const { budget: money, ...counts } = meant;
  const given = Object.keys(counts).length > 0;
  const put = limitCalls(given ? meant : { ...(money && { budget: money }) }, keyId).map((call): Call => {
    if (call.operation === "PutQuota" && quota) return putQuota();
    if (call.operation === "PutBudget" && budget && money) {
      return { ...call, input: { ...budgetWith(budget, { amount: money.amount }), currency: money.currency } };
    }
    return call;
  });
  if (quota && !given) {
    // It may limit something that is not set here.
    if (quota.concurrentRequests !== undefined) put.push(putQuota());
    else put.push({ service: "craton", operation: "DeleteQuota", input: { quotaName: quota.quotaName } });
  }
  if (budget && !money) put.push({ service: "craton", operation: "DeleteBudget", input: { budgetName: budget.budgetName } });
  return put;

  function putQuota(): Call {
    const now = Object.fromEntries(COUNTED.map((each) => [each, counts[each]]));
    return { service: "craton", operation: "PutQuota", input: quota ? quotaWith(quota, now) : {} };
  }
}
