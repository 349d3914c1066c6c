import { expect, test } from "vitest";
import type { UsageGroup } from "../../../api/shapes";
import { largest, type Report, series } from "./report";

function group(values: Record<string, string>, cost: string, currency = "EUR", tokens = 1): UsageGroup {
  const none = { cacheReadInputTokens: 0, cacheWriteInputTokens: 0, searches: 0, energyKwh: 0, errors: 0, cancelled: 0 };
  return { values, invocations: 1, inputTokens: tokens, outputTokens: 0, cost, currency, ...none };
}

const DAYS = ["2026-11-21", "2026-11-22"];

function report(groups: UsageGroup[], overTime: UsageGroup[], apart: UsageGroup[]): Report {
  const asked = { span: { last: 2, unit: "d" as const }, by: "model", measure: null, filters: {} };
  return { asked, stretch: "day", times: DAYS, totals: [], groups, overTime, apart, cut: false };
}

test("the six that have most of it are shown apart, the largest first, and those without a value never", () => {
  const groups = [group({}, "99"), ...[..."abcdefgh"].map((model, place) => group({ model }, String(place)))];
  expect(largest(groups, "model", "cost")).toEqual(["h", "g", "f", "e", "d", "c"]);
});

test("days without use are zero, and what is not shown apart is told together", () => {
  const told = report(
    [group({ model: "a" }, "3"), group({}, "1")],
    [group({ day: "2026-11-22" }, "4")],
    [group({ day: "2026-11-22", model: "a" }, "3")],
  );
  expect(series(told, "cost", "EUR")).toEqual([
    { value: "a", data: [0, 3] },
    { value: null, data: [0, 1] },
  ]);
});

test("costs in two currencies are never added, tokens are", () => {
  const both = (values: Record<string, string>) => [group(values, "3", "EUR", 10), group(values, "5", "USD", 20)];
  const told = report(both({ model: "a" }), both({ day: DAYS[0] as string }), both({ day: DAYS[0] as string, model: "a" }));
  expect(series(told, "cost", "USD")).toEqual([{ value: "a", data: [5, 0] }]);
  expect(series(told, "tokens", "USD")).toEqual([{ value: "a", data: [30, 0] }]);
});

test("sums of costs leave no noise behind", () => {
  const told = report(
    [group({ model: "a" }, "0.1"), group({ model: "b" }, "0.2")],
    [group({ day: DAYS[0] as string }, "0.3")],
    [group({ day: DAYS[0] as string, model: "a" }, "0.1"), group({ day: DAYS[0] as string, model: "b" }, "0.2")],
  );
  expect(series(told, "cost", "EUR").map(({ value }) => value)).toEqual(["b", "a"]);
});
