import { expect, test } from "vitest";
import { misfits } from "./schema";

const CITY = {
  type: "object",
  properties: {
    name: { type: "string", pattern: "^[A-Z]", maxLength: 5 },
    people: { type: "integer", minimum: 0 },
    sights: { type: "array", items: { $ref: "#/$defs/sight" }, maxItems: 2 },
    twin: { anyOf: [{ type: "null" }, { $ref: "#" }] },
  },
  required: ["name"],
  additionalProperties: false,
  $defs: { sight: { enum: ["Münster", "Museum"] } },
};
const broken = (value: unknown, schema: unknown = CITY) => misfits(value, schema).map(({ at, rule }) => `${at} ${rule}`);

test("what fits has no misfits", () => {
  expect(broken({ name: "Ulm", people: 130000, sights: ["Münster"], twin: { name: "X", twin: null } })).toEqual([]);
});

test("what does not fit is told with its place and its rule", () => {
  expect(broken({ people: 1.5, sights: ["Zoo", "Museum", "Zoo"], more: 1 })).toEqual([
    "$.name required",
    "$.people type",
    "$.sights maxItems",
    "$.sights[0] enum",
    "$.sights[2] enum",
    "$.more additionalProperties",
  ]);
  expect(broken({ name: "ulm am See" })).toEqual(["$.name maxLength", "$.name pattern"]);
  expect(broken([])).toEqual(["$ type"]);
  expect(broken({ name: "A", twin: {} })).toEqual(["$.twin anyOf"]);
});

test("keywords of numbers, lists and choices", () => {
  expect(broken(0.3, { multipleOf: 0.1, exclusiveMaximum: 0.3 })).toEqual(["$ exclusiveMaximum"]);
  expect(broken([1, 1], { uniqueItems: true, prefixItems: [{ const: 1 }, { const: 2 }], items: false })).toEqual(["$ uniqueItems", "$[1] const"]);
  expect(broken(3, { oneOf: [{ minimum: 1 }, { maximum: 5 }], not: { const: 3 } })).toEqual(["$ oneOf", "$ not"]);
  expect(broken({ x_a: 1, y: 2 }, { patternProperties: { "^x_": { type: "string" } }, additionalProperties: { const: 2 } })).toEqual(["$.x_a type"]);
});

test("a schema that goes round in circles, or leads elsewhere, is no schema", () => {
  expect(() => misfits(1, { $ref: "#" })).toThrow("no schema");
  expect(() => misfits(1, { $ref: "https://example.org/schema" })).toThrow("no schema");
});
