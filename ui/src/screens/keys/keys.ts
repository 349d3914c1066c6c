/** The keys, with what limits each, and what their holders may. */

import type { Api } from "../../api/api";
import type { BudgetSummary, KeySummary, QuotaSummary } from "../../api/shapes";
import { listBudgets, listQuotas, pages } from "../usage/limits/limits";
import { type Reach, reachOf, WRITTEN } from "./reach/scopes";

/** What is about one key alone, or about the one that replaced it and so counts both. */
export interface Limited {
  quotas: QuotaSummary[];
  budgets: BudgetSummary[];
}

export interface Key extends KeySummary {
  /** None where the caller may not see limits. */
  limits: Limited | null;
  /** Keys that may still be used and share its limits, as it replaced them or was replaced by them. */
  beside: string[];
}

/** The keys that a limit is about: the one it names, and those that this one has replaced. */
export function keysOf({ appliesTo, replacedKeys = [] }: QuotaSummary | BudgetSummary): string[] {
  return appliesTo.keyId ? [appliesTo.keyId, ...replacedKeys.map(({ keyId }) => keyId)] : [];
}

export async function listKeys(api: Api, signal: AbortSignal, userName?: string): Promise<Key[]> {
  const [keys, limits] = await Promise.all([
    pages(async (nextToken) => {
      const answer = await api.craton("ListKeys", { maxResults: 1000, ...(userName && { userName }), ...nextToken }, signal);
      return [answer.keys, answer.nextToken];
    }),
    limitsByKey(api, signal),
  ]);
  const active = new Set(keys.filter(({ status }) => status === "ACTIVE").map(({ keyId }) => keyId));
  return keys
    .map((key): Key => {
      const its = limits && (limits.get(key.keyId) ?? { quotas: [], budgets: [] });
      const about = new Set([...(its?.quotas ?? []), ...(its?.budgets ?? [])].flatMap(keysOf));
      return { ...key, limits: its, beside: [...about].filter((id) => id !== key.keyId && active.has(id)) };
    })
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
  for (const quota of quotas.value) for (const id of keysOf(quota)) of(id).quotas.push(quota);
  for (const budget of budgets.value) for (const id of keysOf(budget)) of(id).budgets.push(budget);
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
