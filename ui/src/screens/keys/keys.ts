/** The keys, with what limits each, and what their holders may. */

import type { Api } from "../../api/api";
import type { BudgetSummary, KeySummary, QuotaSummary } from "../../api/shapes";
import { listBudgets, listQuotas, pages } from "../usage/limits/limits";
import { type Reach, reachOf, WRITTEN } from "./reach/scopes";

/** What is about one key alone. */
export interface Limited {
  quotas: QuotaSummary[];
  budgets: BudgetSummary[];
}

export interface Key extends KeySummary {
  /** None where the caller may not see limits. */
  limits: Limited | null;
}

export async function listKeys(api: Api, signal: AbortSignal, userName?: string): Promise<Key[]> {
  const [keys, limits] = await Promise.all([
    pages(async (nextToken) => {
      const answer = await api.craton("ListKeys", { maxResults: 1000, ...(userName && { userName }), ...nextToken }, signal);
      return [answer.keys, answer.nextToken];
    }),
    limitsByKey(api, signal),
  ]);
  return keys
    .map((key): Key => ({ ...key, limits: limits && (limits.get(key.keyId) ?? { quotas: [], budgets: [] }) }))
    .sort((one, other) => other.createdAt.localeCompare(one.createdAt));
}

async function limitsByKey(api: Api, signal: AbortSignal): Promise<Map<string, Limited> | null> {
  const [quotas, budgets] = await Promise.allSettled([listQuotas(api, signal), listBudgets(api, signal)]);
  if (quotas.status === "rejected" || budgets.status === "rejected") return null;
  const all = new Map<string, Limited>();
  const of = (keyId: string): Limited => {
    const found = all.get(keyId) ?? { quotas: [], budgets: [] };
    all.set(keyId, found);
    return found;
  };
  for (const quota of quotas.value) if (quota.appliesTo.keyId) of(quota.appliesTo.keyId).quotas.push(quota);
  for (const budget of budgets.value) if (budget.appliesTo.keyId) of(budget.appliesTo.keyId).budgets.push(budget);
  return all;
}

/** What a user may. Root may all, and has no policies. */
export async function readReach(api: Api, userName: string, signal: AbortSignal): Promise<Reach[] | "root"> {
  if (userName === "root") return "root";
  const [{ attachedPolicies }, { policyNames }] = await Promise.all([
    api.craton("ListAttachedUserPolicies", { userName }, signal),
    api.craton("ListUserPolicies", { userName }, signal),
  ]);
  const ours: string[] = Object.values(WRITTEN);
  const inline = await Promise.all(
    policyNames.map(async (name) => {
      if (!ours.includes(name)) return { name };
      const { policyDocument } = await api.craton("GetUserPolicy", { userName, policyName: name }, signal);
      return { name, document: policyDocument };
    }),
  );
  return reachOf({ attached: attachedPolicies.map(({ policyArn }) => policyArn), inline });
}
