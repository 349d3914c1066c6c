/** The limits of one key as a form has them, and as they are meant. */

import type { BudgetSummary, QuotaSummary } from "../../../api/shapes";
import { amountIn, countIn } from "../../usage/limits/limits";
import type { Limited } from "../keys";
import { type Limits, NAMED } from "../create/making";

export const COUNTED = ["requestsPerMinute", "tokensPerMinute", "tokensPerDay"] as const;

export type Typed = Record<(typeof COUNTED)[number] | "amount" | "currency", string>;

export interface LimitForm {
  typed: Typed;
  /** Fields that hold no number. */
  wrong: string[];
  limits: Limits;
}

export const NOTHING_TYPED: Typed = { requestsPerMinute: "", tokensPerMinute: "", tokensPerDay: "", amount: "", currency: "" };

export function limitForm(typed: Typed, currencies: string[]): LimitForm {
  const counts = COUNTED.map((name) => [name, countIn(typed[name])] as const);
  const amount = typed.amount.trim() === "" ? undefined : amountIn(typed.amount);
  const wrong = counts.filter(([, count]) => count === null).map(([name]) => name as string);
  const given = counts.filter(([, count]) => typeof count === "number");
  return {
    typed,
    wrong: amount === null ? [...wrong, "amount"] : wrong,
    limits: {
      ...Object.fromEntries(given),
      ...(amount && { budget: { amount, currency: typed.currency || currencies[0] || "EUR" } }),
    },
  };
}

/** The limits of a key that this console has set, for it or for one that it replaced; others are changed where they were made. */
export function ownLimits({ quotas, budgets }: Limited): { quota: QuotaSummary | undefined; budget: BudgetSummary | undefined } {
  return {
    quota: quotas.find((quota) => isOurs(quota.quotaName, quota)),
    budget: budgets.find((budget) => isOurs(budget.budgetName, budget)),
  };
}

/** A rotation changes whom a limit is about, and not its name. */
function isOurs(name: string, { appliesTo, countedPer }: QuotaSummary | BudgetSummary): boolean {
  const narrowed = Object.keys(appliesTo).some((part) => part !== "account" && part !== "keyId");
  return name.startsWith(NAMED) && !narrowed && !countedPer;
}

export function typedOf(limits: Limited): Typed {
  const { quota, budget } = ownLimits(limits);
  const counts = COUNTED.map((each) => [each, String(quota?.[each] ?? "")]);
  return { ...(Object.fromEntries(counts) as Typed), amount: budget?.amount ?? "", currency: budget?.currency ?? "" };
}
