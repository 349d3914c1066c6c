import { expect, test, vi } from "vitest";
import type { Api } from "../../api/api";
import { endOf } from "./create/expiry";
import { freeName, holderIn, NEW } from "./create/holder-form";
import { callsFor, limitName, make, type Wish } from "./create/making";
import { deleteCalls, rotate } from "./key/acting";
import { type Key, listKeys } from "./keys";
import { changes } from "./limits/changes";
import { limitForm, NOTHING_TYPED } from "./limits/limit-form";

const WISH: Wish = {
  kind: "API_KEY",
  holder: { make: "app", scope: "models", models: ["m"] },
  expiresAt: new Date("2027-01-01T00:00:00Z"),
  limits: { requestsPerMinute: 1, budget: { amount: "5", currency: "EUR" } },
};
const TOLD = { setBy: "ACCOUNT" as const, createdAt: "", updatedAt: "" };
const OWN: Key = {
  keyId: "OLD1",
  type: "API_KEY",
  status: "ACTIVE",
  userName: "app",
  createdAt: "",
  beside: [],
  limits: {
    quotas: [{ quotaName: limitName("OLD1"), appliesTo: { keyId: "OLD1" }, requestsPerMinute: 1, ...TOLD }],
    budgets: [{ budgetName: "mine", appliesTo: { keyId: "OLD1" }, amount: "5", currency: "EUR", ...TOLD }],
  },
};

/** Answers as Craton does, and fails at one operation. */
function answering(failing?: string): { api: Api; sent: [string, unknown][] } {
  const sent: [string, unknown][] = [];
  const craton = vi.fn(async (operation: string, input: unknown) => {
    sent.push([operation, input]);
    if (operation === failing) throw new Error(failing);
    return { keyId: "NEW1", apiKey: "secret", userName: "app" };
  });
  return { api: { craton } as unknown as Api, sent };
}

test("the calls that are shown are the calls that are made", async () => {
  const { api, sent } = answering();
  expect(await make(api, WISH)).toEqual({ keyId: "NEW1", kind: "API_KEY", secret: "secret", userName: "app" });
  const shown = JSON.parse(JSON.stringify(callsFor(WISH)).replaceAll("KEY_ID", "NEW1")) as { operation: string; input: unknown }[];
  expect(sent).toEqual(shown.map(({ operation, input }) => [operation, input]));
  expect(sent.map(([operation]) => operation)).toEqual(["CreateUser", "PutUserPolicy", "CreateApiKey", "PutQuota", "PutBudget"]);
});

test("a key that cannot be limited is not left behind, nor its user", async () => {
  const { api, sent } = answering("PutBudget");
  await expect(make(api, WISH)).rejects.toThrow("PutBudget");
  expect(sent.slice(-3).map(([operation]) => operation)).toEqual(["DeleteQuota", "DeleteKey", "DeleteUser"]);
});

test("a user that was there before stays where its key fails", async () => {
  const { api, sent } = answering("CreateApiKey");
  await expect(make(api, { ...WISH, holder: { user: "ada" } })).rejects.toThrow();
  expect(sent.map(([operation]) => operation)).toEqual(["CreateApiKey"]);
});

test("limits go over to the new key by themselves", async () => {
  const { api, sent } = answering();
  expect(await rotate(api, OWN, 60)).toEqual({ keyId: "NEW1", kind: "API_KEY", secret: "secret", userName: "app" });
  expect(sent).toEqual([["RotateKey", { keyId: "OLD1", gracePeriodSeconds: 60 }]]);
});

test("a limit is shown and changed at the new key and at those that it replaced, and goes with the last of them", async () => {
  const rotated = { quotaName: "key-OLD1", appliesTo: { account: "1", keyId: "NEW1" }, requestsPerMinute: 1, replacedKeys: [{ keyId: "OLD1", expiresAt: "" }], ...TOLD };
  const told = (status: string) => ({
    ListKeys: { keys: [{ ...OWN, keyId: "NEW1" }, { ...OWN, status }] },
    ListQuotas: { quotas: [rotated] },
    ListBudgets: { budgets: [] },
  });
  const listed = async (status: string) => {
    const craton = (operation: keyof ReturnType<typeof told>) => Promise.resolve(told(status)[operation]);
    return listKeys({ craton } as unknown as Api, new AbortController().signal);
  };
  const [made, old] = await listed("ACTIVE");
  expect([made?.limits, made?.beside, old?.limits, old?.beside]).toEqual([{ quotas: [rotated], budgets: [] }, ["OLD1"], made?.limits, ["NEW1"]]);
  for (const key of [made, old]) {
    expect(deleteCalls(key as Key, false, true).map(({ operation }) => operation)).toEqual(["DeleteKey"]);
    expect(changes(key as Key, { requestsPerMinute: 2 })).toEqual([
      { service: "craton", operation: "PutQuota", input: { quotaName: "key-OLD1", appliesTo: rotated.appliesTo, requestsPerMinute: 2 } },
    ]);
  }
  const [alone] = await listed("EXPIRED");
  expect(deleteCalls(alone as Key, false, true).map(({ operation }) => operation)).toEqual(["DeleteKey", "DeleteQuota"]);
});

test("limits that are emptied are deleted, and others changed", () => {
  expect(changes(OWN, {})).toEqual([{ service: "craton", operation: "DeleteQuota", input: { quotaName: "key-OLD1" } }]);
  expect(changes(OWN, { tokensPerDay: 9 })[0]?.input).toEqual({ quotaName: "key-OLD1", appliesTo: { keyId: "OLD1" }, tokensPerDay: 9 });
});

test("a form says what it means, or that it cannot", () => {
  expect(limitForm({ ...NOTHING_TYPED, tokensPerDay: "5", amount: "1,5" }, ["USD"]).limits).toEqual({
    tokensPerDay: 5,
    budget: { amount: "1.5", currency: "USD" },
  });
  expect(limitForm({ ...NOTHING_TYPED, tokensPerDay: "x", amount: "y" }, []).wrong).toEqual(["tokensPerDay", "amount"]);
  expect(holderIn({ chosen: NEW, name: "app", scope: "models", models: [] }, "API_KEY")).toBeNull();
  expect(holderIn({ chosen: NEW, name: "an app", scope: "ask", models: [] }, "API_KEY")).toBeNull();
});

test("a name is proposed that nobody has", () => {
  const now = new Date("2026-11-22T12:00:00Z");
  expect(freeName([], now)).toBe("key-2026-11-22");
  expect(freeName(["KEY-2026-11-22", "key-2026-11-22-2"], now)).toBe("key-2026-11-22-3");
});

test("a key ends when it was said, and never on a day that is over", () => {
  const now = new Date("2026-11-22T12:00:00Z");
  expect(endOf("never", "", now)).toBeNull();
  expect(endOf("7", "", now)).toEqual(new Date("2026-11-29T12:00:00Z"));
  expect(endOf("date", "2026-11-20", now)).toBeUndefined();
  expect(endOf("date", "", now)).toBeUndefined();
});

test("with a key go its limits, but for those that the operator has set for it", () => {
  const operators = { ...OWN, limits: { quotas: [{ ...OWN.limits?.quotas[0], setBy: "OPERATOR" }], budgets: OWN.limits?.budgets } } as Key;
  const names = (operator: boolean) => deleteCalls(operators, true, operator).map(({ operation }) => operation);
  expect(names(false)).toEqual(["DeleteKey", "DeleteBudget", "DeleteUser"]);
  expect(names(true)).toEqual(["DeleteKey", "DeleteQuota", "DeleteBudget", "DeleteUser"]);
});
