/** Budgets and quotas: read with how they stand, and written whole, as the operations want it. */

import type { Api } from "../../../api/api";
import type { BudgetSummary, GetBudgetResponse, GetQuotaResponse, PutBudgetRequest, PutQuotaRequest, QuotaSummary } from "../../../api/shapes";

export const COUNTS = ["requestsPerMinute", "tokensPerMinute", "tokensPerDay", "concurrentRequests"] as const;
export type CountName = (typeof COUNTS)[number];

const PAGE = 1000;
/** Of which is told how they stand; each is a call. */
const TOLD = 100;

/** `use` is there for the first hundred. */
export type Budget = BudgetSummary & Partial<Pick<GetBudgetResponse, "use">>;
export type Quota = QuotaSummary & Partial<Pick<GetQuotaResponse, "use">>;

export async function listBudgets(api: Api, signal: AbortSignal): Promise<BudgetSummary[]> {
  return pages(async (nextToken) => {
    const answer = await api.craton("ListBudgets", { maxResults: PAGE, ...nextToken }, signal);
    return [answer.budgets, answer.nextToken];
  });
}

export async function listQuotas(api: Api, signal: AbortSignal): Promise<QuotaSummary[]> {
  return pages(async (nextToken) => {
    const answer = await api.craton("ListQuotas", { maxResults: PAGE, ...nextToken }, signal);
    return [answer.quotas, answer.nextToken];
  });
}

export async function readBudgets(api: Api, signal: AbortSignal, about: (budget: BudgetSummary) => boolean = () => true): Promise<Budget[]> {
  const found = (await listBudgets(api, signal)).filter(about);
  const told = found.slice(0, TOLD).map(({ budgetName, setBy }) => api.craton("GetBudget", { budgetName, setBy }, signal));
  return [...(await Promise.all(told)), ...found.slice(TOLD)];
}

export async function readQuotas(api: Api, signal: AbortSignal, about: (quota: QuotaSummary) => boolean = () => true): Promise<Quota[]> {
  const found = (await listQuotas(api, signal)).filter(about);
  const told = found.slice(0, TOLD).map(({ quotaName, setBy }) => api.craton("GetQuota", { quotaName, setBy }, signal));
  return [...(await Promise.all(told)), ...found.slice(TOLD)];
}

export async function pages<Item>(page: (nextToken: { nextToken?: string }) => Promise<[Item[], string | undefined]>): Promise<Item[]> {
  const all: Item[] = [];
  let token: string | undefined;
  do {
    const [found, next] = await page(token ? { nextToken: token } : {});
    all.push(...found);
    token = next;
  } while (token);
  return all;
}

/** What PutBudget is to be asked for so that only `changes` change. */
export function budgetWith({ budgetName, appliesTo, countedPer, amount, currency, thresholds }: BudgetSummary, changes: Pick<Partial<PutBudgetRequest>, "amount" | "thresholds">): PutBudgetRequest {
  const percents = changes.thresholds ?? thresholds ?? [];
  return {
    budgetName,
    appliesTo,
    amount: changes.amount ?? amount,
    currency,
    ...(countedPer && { countedPer }),
    ...(percents.length > 0 && { thresholds: percents }),
  };
}

/** As above; a limit that is undefined in `changes` is none any more. */
export function quotaWith(quota: QuotaSummary, changes: { [Name in CountName]?: number | undefined }): PutQuotaRequest {
  const { quotaName, appliesTo, countedPer, outputTokenRate } = quota;
  const limits = COUNTS.map((name) => [name, name in changes ? changes[name] : quota[name]] as const);
  return {
    quotaName,
    appliesTo,
    ...(countedPer && { countedPer }),
    ...(outputTokenRate !== undefined && { outputTokenRate }),
    ...Object.fromEntries(limits.filter(([, value]) => value !== undefined)),
  };
}

/** What a person typed, as a count; null where it is none, undefined where nothing was typed. */
export function countIn(text: string): number | undefined | null {
  if (text.trim() === "") return undefined;
  return /^\d{1,12}$/.test(text.trim()) ? Number(text) : null;
}

/** With a decimal point or comma, as an amount of the API; null where it is none. */
export function amountIn(text: string): string | null {
  const plain = text.trim().replace(",", ".");
  return /^\d{1,9}(\.\d{1,9})?$/.test(plain) ? plain : null;
}

/** "50, 80"; null where one is no percentage, empty where nothing was typed. */
export function percentsIn(text: string): number[] | null {
  const numbers = text.split(/[,;\s%]+/).filter(Boolean).map(Number);
  return numbers.every((number) => number >= 0 && number <= 1000) && numbers.length <= 10 ? numbers : null;
}

export function validName(text: string): boolean {
  return /^[A-Za-z0-9_.-]{1,64}$/.test(text);
}
