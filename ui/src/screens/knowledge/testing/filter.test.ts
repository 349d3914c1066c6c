import { expect, test } from "vitest";
import { conditionsIn, filterIn, filterOf, valueOf } from "./filter";

test("what is typed is a number or a truth where it reads as one", () => {
  expect([" 2024 ", "-1.5", "true", '"2024"', "Ada", "1.2.3"].map(valueOf)).toEqual([2024, -1.5, true, "2024", "Ada", "1.2.3"]);
});

test("conditions become the filter that the API takes", () => {
  expect(filterOf([{ key: " ", operator: "equals", value: "x" }])).toBeNull();
  expect(filterOf([{ key: "year", operator: "greaterThan", value: "2022" }])).toEqual({ greaterThan: { key: "year", value: 2022 } });
  expect(
    filterOf([
      { key: "topic", operator: "in", value: "loans, 7" },
      { key: "code", operator: "startsWith", value: "20" },
    ]),
  ).toEqual({ andAll: [{ in: { key: "topic", value: ["loans", 7] } }, { startsWith: { key: "code", value: "20" } }] });
});

test("a filter that rows can say becomes rows again, and others stay JSON", () => {
  const rows = [
    { key: "year", operator: "equals" as const, value: '"2024"' },
    { key: "topic", operator: "in" as const, value: "loans, 7" },
  ];
  expect(conditionsIn(filterOf(rows))).toEqual(rows);
  expect(conditionsIn(filterIn('{"orAll": [{"equals": {"key": "a", "value": 1}}, {"equals": {"key": "a", "value": 2}}]}') ?? null)).toBeNull();
});

test("JSON that is no object is no filter", () => {
  expect([filterIn(""), filterIn("[1]"), filterIn("{"), filterIn('{"equals": {"key": "a", "value": 1}}')]).toEqual([
    null,
    undefined,
    undefined,
    { equals: { key: "a", value: 1 } },
  ]);
});
