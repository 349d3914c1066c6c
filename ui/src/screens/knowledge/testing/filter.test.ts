import { expect, test } from "vitest";
import { type Condition, conditionsIn, filterIn, filterOf, mistakeIn, type Operator, type ValueType, withOperator } from "./filter";

const row = (key: string, operator: Operator, type: ValueType, value: string): Condition => ({ key, operator, type, value });

test("conditions become the filter that the API takes", () => {
  expect(filterOf({ join: "andAll", all: [row(" ", "equals", "text", "x")] })).toBeNull();
  expect(filterOf({ join: "orAll", all: [row("year", "greaterThan", "number", "2022")] })).toEqual({ greaterThan: { key: "year", value: 2022 } });
  const all = [row("topic", "in", "text", "loans, deposits\n7"), row("code", "startsWith", "text", "20"), row("draft", "equals", "truth", "false")];
  const parts = [
    { in: { key: "topic", value: ["loans, deposits", "7"] } },
    { startsWith: { key: "code", value: "20" } },
    { equals: { key: "draft", value: false } },
  ];
  expect(filterOf({ join: "andAll", all })).toEqual({ andAll: parts });
  expect(filterOf({ join: "orAll", all })).toEqual({ orAll: parts });
});

test("a filter that rows can say becomes rows again, and others stay JSON", () => {
  for (const join of ["andAll", "orAll"] as const) {
    const rows = { join, all: [row("year", "equals", "text", "2024"), row("size", "notIn", "number", "1\n2.5"), row("ok", "notEquals", "truth", "true")] };
    expect(conditionsIn(filterOf(rows))).toEqual(rows);
  }
  const others = [
    '{"orAll": [{"andAll": [{"equals": {"key": "a", "value": 1}}]}]}',
    '{"in": {"key": "a", "value": ["x", 1]}}',
    '{"greaterThan": {"key": "a", "value": "x"}}',
    '{"equals": {"key": "a", "value": " x"}}',
    '{"equals": {"key": "a", "value": ["x"]}}',
    '{"equals": {"key": "a", "value": 1}, "in": {"key": "a", "value": [1]}}',
    '{"like": {"key": "a", "value": 1}}',
    '{}',
  ];
  expect(others.map((json) => conditionsIn(filterIn(json) ?? null))).toEqual(others.map(() => null));
});

test("an operator compares with what it can, and what is no number is told", () => {
  expect(withOperator(row("a", "equals", "truth", "true"), "greaterThan").type).toBe("number");
  expect(withOperator(row("a", "equals", "number", "1"), "in").type).toBe("number");
  const rows = [row("a", "equals", "number", "x"), row("a", "in", "number", "1\nx"), row("a", "equals", "text", " "), row("", "equals", "text", ""), row("a", "in", "number", "1\n2")];
  expect(rows.map(mistakeIn)).toEqual(["number", "number", "missing", undefined, undefined]);
});

test("JSON that is no object is no filter", () => {
  expect([filterIn(""), filterIn("[1]"), filterIn("{"), filterIn('{"equals": {"key": "a", "value": 1}}')]).toEqual([
    null,
    undefined,
    undefined,
    { equals: { key: "a", value: 1 } },
  ]);
});
