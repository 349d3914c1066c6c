import { expect, test } from "vitest";
import { amountIn, budgetWith, countIn, percentsIn, quotaWith } from "./limits";
import { ANYBODY, limited, whomOf } from "./whom/whom";

const TOLD = { setBy: "ACCOUNT" as const, createdAt: "", updatedAt: "" };
const TAGS = [
  { key: "team", value: "blue" },
  { key: "app", value: "x" },
];

test("what a person types is read, or not taken", () => {
  expect(["60", " 7 ", "", "-1", "1.5", "many"].map(countIn)).toEqual([60, 7, undefined, null, null, null]);
  expect(["250", "12,50", "12.5", "1,2,3", "", "-3"].map(amountIn)).toEqual(["250", "12.50", "12.5", null, null, null]);
  expect(["50, 80", "80 %", "", "50, x", "2000"].map(percentsIn)).toEqual([[50, 80], [80], [], null, null]);
});

test("a budget that is changed in one place keeps all else", () => {
  const budget = { budgetName: "b", appliesTo: { tags: TAGS }, countedPer: ["KEY" as const], amount: "5", currency: "EUR", thresholds: [80], ...TOLD };
  expect(budgetWith(budget, { amount: "6" })).toEqual({
    budgetName: "b",
    appliesTo: { tags: TAGS },
    countedPer: ["KEY"],
    amount: "6",
    currency: "EUR",
    thresholds: [80],
  });
  expect(budgetWith(budget, { thresholds: [] })).not.toHaveProperty("thresholds");
});

test("a limit of a quota that is emptied is none any more", () => {
  const quota = { quotaName: "q", appliesTo: {}, requestsPerMinute: 5, tokensPerDay: 9, outputTokenRate: 5, ...TOLD };
  expect(quotaWith(quota, { requestsPerMinute: undefined, tokensPerMinute: 7 })).toEqual({
    quotaName: "q",
    appliesTo: {},
    outputTokenRate: 5,
    tokensPerMinute: 7,
    tokensPerDay: 9,
  });
});

test("whom a limit is about is what the form was given; what the form does not show is kept", () => {
  expect(limited(ANYBODY)).toEqual({});
  expect(limited({ ...ANYBODY, subject: { keyId: "AKIA", modelId: "" }, tag: { key: "team", value: "blue" } })).toEqual({
    appliesTo: { keyId: "AKIA", tags: [{ key: "team", value: "blue" }] },
  });
  expect(limited(whomOf({ appliesTo: { account: "*", tags: TAGS }, countedPer: ["MODEL"] }))).toEqual({
    appliesTo: { account: "*", tags: TAGS },
    countedPer: ["MODEL"],
  });
});
