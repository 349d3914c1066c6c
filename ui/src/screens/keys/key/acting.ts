/** What ends or renews a key, with the limits that are about it alone. */

import type { Api } from "../../../api/api";
import type { Call } from "../../../api/call";
import type { BudgetSummary, QuotaSummary, RotateKeyResponse } from "../../../api/shapes";
import { type Key, keysOf } from "../keys";
import { type Made, send } from "../create/making";

/** What the operator has set for the key of another account is not that account's to delete, and what others share stays. */
export function deleteCalls({ keyId, limits, userName, beside }: Key, withUser: boolean, operator: boolean): Call[] {
  const shared = new Set(beside);
  const own = (limit: QuotaSummary | BudgetSummary) => (limit.setBy === "ACCOUNT" || operator) && !keysOf(limit).some((id) => shared.has(id));
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

/** The new key. Its limits are those of the old one, which the server hands over before the key is known. */
export async function rotate(api: Api, key: Key, gracePeriodSeconds: number): Promise<Made> {
  const { keyId, apiKey, secretAccessKey, userName } = (await send(api, rotateCall(key.keyId, gracePeriodSeconds))) as RotateKeyResponse;
  return { keyId, kind: key.type, secret: apiKey ?? secretAccessKey ?? "", ...(userName && { userName }) };
}
