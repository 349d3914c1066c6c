/** What ends or renews a key, with the limits that are about it alone. */

import type { Api } from "../../../api/api";
import type { Call } from "../../../api/call";
import type { LimitSubject, RotateKeyResponse } from "../../../api/shapes";
import { budgetWith, quotaWith } from "../../usage/limits/limits";
import type { Key } from "../keys";
import { limitName, type Made, send } from "../create/making";

/** What the operator has set for the key of another account is not that account's to delete. */
export function deleteCalls({ keyId, limits, userName }: Key, withUser: boolean, operator: boolean): Call[] {
  const own = ({ setBy }: { setBy: string }) => setBy === "ACCOUNT" || operator;
  const quotas = (limits?.quotas ?? []).filter(own);
  const budgets = (limits?.budgets ?? []).filter(own);
  return [
    { service: "craton", operation: "DeleteKey", input: { keyId } },
    ...quotas.map(({ quotaName }): Call => ({ service: "craton", operation: "DeleteQuota", input: { quotaName } })),
    ...budgets.map(({ budgetName }): Call => ({ service: "craton", operation: "DeleteBudget", input: { budgetName } })),
    ...(withUser && userName ? [{ service: "craton", operation: "DeleteUser", input: { userName } } as const] : []),
  ];
}

export function rotateCall(keyId: string, gracePeriodSeconds: number): Call {
  return { service: "craton", operation: "RotateKey", input: { keyId, gracePeriodSeconds } };
}

/** The limits of a key, about another. Those of the same name as its own get that of the other. */
export function copiedLimits({ keyId, limits }: Key, other: string): Call[] {
  const named = (name: string, place: number) => (name === limitName(keyId) ? limitName(other) : `${limitName(other)}.${place}`.slice(-64));
  // Of the account that the caller is of, whoever has set it.
  const about = <Limit extends { appliesTo: LimitSubject }>(limit: Limit): Limit => {
    const { account: _, ...appliesTo } = limit.appliesTo;
    return { ...limit, appliesTo: { ...appliesTo, keyId: other } };
  };
  return [
    ...(limits?.quotas ?? []).map(
      (quota, place): Call => ({ service: "craton", operation: "PutQuota", input: { ...quotaWith(about(quota), {}), quotaName: named(quota.quotaName, place) } }),
    ),
    ...(limits?.budgets ?? []).map(
      (budget, place): Call => ({ service: "craton", operation: "PutBudget", input: { ...budgetWith(about(budget), {}), budgetName: named(budget.budgetName, place) } }),
    ),
  ];
}

/** The new key. Where its limits cannot be set it is deleted again, and the error is told: unlimited, nobody gets it. */
export async function rotate(api: Api, key: Key, gracePeriodSeconds: number): Promise<Made> {
  const { keyId, apiKey, secretAccessKey, userName } = (await send(api, rotateCall(key.keyId, gracePeriodSeconds))) as RotateKeyResponse;
  try {
    for (const call of copiedLimits(key, keyId)) await send(api, call);
  } catch (error) {
    await api.craton("DeleteKey", { keyId });
    throw error;
  }
  return { keyId, kind: key.type, secret: apiKey ?? secretAccessKey ?? "", ...(userName && { userName }) };
}
