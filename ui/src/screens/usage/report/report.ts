/** A report: sums of all, by one dimension, and both by time. Adds nothing that the server did not tell. */

import type { Api } from "../../../api/api";
import type { Call } from "../../../api/call";
import type { GetUsageRequest, UsageGroup } from "../../../api/shapes";
import { type Asked, bounds, type Measure, selection } from "../asked/asked";
import { type Stretch, stretches, stretchOf } from "./times";

/** As many as a chart can show apart; the rest is shown together. */
export const APART = 6;
const PAGES = 10;

export interface Report {
  asked: Asked;
  stretch: Stretch;
  times: string[];
  /** One for each currency. */
  totals: UsageGroup[];
  /** By the dimension. */
  groups: UsageGroup[];
  /** By time. */
  overTime: UsageGroup[];
  /** By time and dimension, of the groups that are shown apart. */
  apart: UsageGroup[];
  /** Whether there are more groups than were asked for. */
  cut: boolean;
}

export async function askReport(api: Api, asked: Asked, signal: AbortSignal): Promise<Report> {
  const now = new Date();
  const { from, to } = bounds(asked.span, now);
  const stretch = stretchOf(from, to);
  const chosen = selection(asked, now);
  const [totals, groups, overTime] = await Promise.all([
    all(api, { ...chosen, groupBy: [] }, signal),
    all(api, { ...chosen, groupBy: [asked.by] }, signal),
    all(api, { ...chosen, groupBy: [stretch] }, signal),
  ]);
  const measure = asked.measure ?? usualMeasure(totals.groups);
  const top = largest(groups.groups, asked.by, measure);
  const filters = { ...asked.filters, [asked.by]: top };
  const apart = top.length > 0 ? await all(api, { ...chosen, filters, groupBy: [stretch, asked.by] }, signal) : { groups: [] };
  return {
    asked: { ...asked, measure },
    stretch,
    times: stretches(from, to, stretch),
    totals: totals.groups,
    groups: groups.groups,
    overTime: overTime.groups,
    apart: apart.groups,
    cut: groups.cut,
  };
}

async function all(api: Api, request: GetUsageRequest, signal: AbortSignal): Promise<{ groups: UsageGroup[]; cut: boolean }> {
  const groups: UsageGroup[] = [];
  let nextToken: string | undefined;
  for (let page = 0; page < PAGES; page++) {
    const answer = await api.craton("GetUsage", { ...request, ...(nextToken && { nextToken }) }, signal);
    groups.push(...answer.groups);
    nextToken = answer.nextToken;
    if (!nextToken) return { groups, cut: false };
  }
  return { groups, cut: true };
}

export function reportCalls(asked: Asked): Call[] {
  const now = new Date();
  const { from, to } = bounds(asked.span, now);
  const chosen = selection(asked, now);
  return [
    { service: "craton", operation: "GetUsage", input: { ...chosen, groupBy: [asked.by] } },
    { service: "craton", operation: "GetUsage", input: { ...chosen, groupBy: [stretchOf(from, to), asked.by] } },
  ];
}

export function usualMeasure(totals: UsageGroup[]): Measure {
  return totals.some(({ cost }) => Number(cost) > 0) ? "cost" : "tokens";
}

export function tokensOf(group: UsageGroup): number {
  return group.inputTokens + group.outputTokens + group.cacheReadInputTokens + group.cacheWriteInputTokens;
}

export function valueOf(group: UsageGroup, measure: Measure): number {
  switch (measure) {
    case "cost":
      return Number(group.cost);
    case "tokens":
      return tokensOf(group);
    case "invocations":
      return group.invocations;
    case "errors":
      return group.errors;
    case "latency":
      return group.latencyMs?.p50 ?? 0;
    case "energy":
      return group.energyKwh;
  }
}

/** The values of the dimension that have most of it; those that have none of it are not among them. */
export function largest(groups: UsageGroup[], by: string, measure: Measure): string[] {
  const sums = new Map<string, number>();
  for (const group of groups) {
    const value = group.values[by];
    if (value !== undefined) sums.set(value, (sums.get(value) ?? 0) + valueOf(group, measure));
  }
  return [...sums]
    .sort(([, one], [, other]) => other - one)
    .slice(0, APART)
    .map(([value]) => value);
}

export interface Series {
  /** None: what is not shown apart. */
  value: string | null;
  data: number[];
}

/** For each time what each had, and last what all others had. `currency` counts for costs alone. */
export function series({ asked, stretch, times, groups, overTime, apart }: Report, measure: Measure, currency: string): Series[] {
  const counts = ({ currency: its }: UsageGroup) => measure !== "cost" || its === currency;
  const top = largest(groups.filter(counts), asked.by, measure);
  const sums = (found: UsageGroup[]) => {
    const at = new Map<string, number>();
    for (const group of found.filter(counts)) {
      const time = group.values[stretch] ?? "";
      at.set(time, (at.get(time) ?? 0) + valueOf(group, measure));
    }
    return times.map((time) => at.get(time) ?? 0);
  };
  const shown = top.map((value): Series => ({ value, data: sums(apart.filter((group) => group.values[asked.by] === value)) }));
  const rest = sums(overTime).map((whole, place) => whole - shown.reduce((sum, { data }) => sum + (data[place] ?? 0), 0));
  // What is left of costs after a subtraction is noise below a billionth.
  const others = rest.map((value) => (value > 1e-9 ? value : 0));
  return others.some((value) => value > 0) ? [...shown, { value: null, data: others }] : shown;
}
