/** Checks a JSON value against a JSON schema (draft 2020-12), for people to see. Formats are not looked at. */

import { isObject } from "../settings/settings";

/** `at` is a path such as $.people[0].name; `rule` the keyword of the schema that it breaks, and `wants` its value as JSON. */
export interface Misfit {
  at: string;
  rule: string;
  wants: string;
}

type Schema = Record<string, unknown>;
/** References lead to others only so often: a schema may go round in circles. */
const DEEPEST = 200;

/** Throws Error for a schema that says what no schema says. */
export function misfits(value: unknown, schema: unknown): Misfit[] {
  return check(value, schema, "$", schema, 0);
}

function check(value: unknown, schema: unknown, at: string, root: unknown, depth: number): Misfit[] {
  if (schema === true || schema === undefined) return [];
  if (schema === false) return [{ at, rule: "false", wants: "false" }];
  if (!isObject(schema) || depth > DEEPEST) throw new Error(`no schema at ${at}`);
  const broken = (rule: string): Misfit => ({ at, rule, wants: JSON.stringify(schema[rule]) });
  const within = (inner: unknown, part: unknown, place = at) => check(part, inner, place, root, depth + 1);
  const fits = (inner: unknown) => within(inner, value).length === 0;
  const found: Misfit[] = [];
  if (typeof schema["$ref"] === "string") found.push(...within(referred(schema["$ref"], root), value));
  if (schema["type"] !== undefined && !listed(schema["type"]).some((type) => isOf(value, type))) return [...found, broken("type")];
  if (Array.isArray(schema["enum"]) && !schema["enum"].some((one) => same(one, value))) found.push(broken("enum"));
  if ("const" in schema && !same(schema["const"], value)) found.push(broken("const"));
  for (const inner of listed(schema["allOf"])) found.push(...within(inner, value));
  if (schema["anyOf"] && !listed(schema["anyOf"]).some(fits)) found.push(broken("anyOf"));
  if (schema["oneOf"] && listed(schema["oneOf"]).filter(fits).length !== 1) found.push(broken("oneOf"));
  if (schema["not"] !== undefined && fits(schema["not"])) found.push(broken("not"));
  if (typeof value === "number" || typeof value === "string") found.push(...scalar(value, schema).map(broken));
  if (Array.isArray(value)) found.push(...items(value, schema, at, within, broken));
  if (isObject(value)) found.push(...properties(value, schema, at, within, broken));
  return found;
}

type Within = (inner: unknown, part: unknown, place?: string) => Misfit[];

function scalar(value: number | string, schema: Schema): string[] {
  const number = (name: string) => (typeof schema[name] === "number" ? schema[name] : null);
  const breaks = (name: string, test: (limit: number) => boolean) => (number(name) !== null && test(number(name) ?? 0) ? [name] : []);
  if (typeof value === "string") {
    const length = [...value].length;
    const { pattern } = schema;
    return [
      ...breaks("minLength", (least) => length < least),
      ...breaks("maxLength", (most) => length > most),
      ...(typeof pattern === "string" && !new RegExp(pattern, "u").test(value) ? ["pattern"] : []),
    ];
  }
  return [
    ...breaks("minimum", (least) => value < least),
    ...breaks("maximum", (most) => value > most),
    ...breaks("exclusiveMinimum", (least) => value <= least),
    ...breaks("exclusiveMaximum", (most) => value >= most),
    ...breaks("multipleOf", (part) => Math.abs(value / part - Math.round(value / part)) > 1e-9),
  ];
}

function items(value: unknown[], schema: Schema, at: string, within: Within, broken: (rule: string) => Misfit): Misfit[] {
  const { minItems, maxItems, uniqueItems, prefixItems, contains } = schema;
  const first = Array.isArray(prefixItems) ? prefixItems : [];
  return [
    ...(typeof minItems === "number" && value.length < minItems ? [broken("minItems")] : []),
    ...(typeof maxItems === "number" && value.length > maxItems ? [broken("maxItems")] : []),
    ...(uniqueItems === true && value.some((one, place) => value.slice(0, place).some((other) => same(one, other))) ? [broken("uniqueItems")] : []),
    ...(contains !== undefined && !value.some((one) => within(contains, one).length === 0) ? [broken("contains")] : []),
    ...value.flatMap((one, place) => within(place < first.length ? first[place] : schema["items"], one, `${at}[${place}]`)),
  ];
}

function properties(value: Schema, schema: Schema, at: string, within: Within, broken: (rule: string) => Misfit): Misfit[] {
  const declared = isObject(schema["properties"]) ? schema["properties"] : {};
  const patterns = Object.entries(isObject(schema["patternProperties"]) ? schema["patternProperties"] : {});
  const names = Object.keys(value);
  const missing = listed(schema["required"]).filter((name) => typeof name === "string" && !Object.hasOwn(value, name));
  return [
    ...missing.map((name) => ({ at: `${at}.${String(name)}`, rule: "required", wants: JSON.stringify(name) })),
    ...(typeof schema["minProperties"] === "number" && names.length < schema["minProperties"] ? [broken("minProperties")] : []),
    ...(typeof schema["maxProperties"] === "number" && names.length > schema["maxProperties"] ? [broken("maxProperties")] : []),
    ...names.flatMap((name) => {
      const place = `${at}.${name}`;
      const matching = patterns.filter(([pattern]) => new RegExp(pattern, "u").test(name));
      const own = Object.hasOwn(declared, name) ? within(declared[name], value[name], place) : [];
      const others = matching.flatMap(([, inner]) => within(inner, value[name], place));
      if (Object.hasOwn(declared, name) || matching.length > 0) return [...own, ...others];
      if (schema["additionalProperties"] === false) return [{ at: place, rule: "additionalProperties", wants: "false" }];
      return within(schema["additionalProperties"], value[name], place);
    }),
  ];
}

/** Within the schema itself: "#/$defs/name". */
function referred(reference: string, root: unknown): unknown {
  if (!reference.startsWith("#")) throw new Error(`no schema at ${reference}`);
  const path = reference.slice(1).split("/").slice(1);
  return path.reduce<unknown>((inner, part) => {
    const name = decodeURIComponent(part).replaceAll("~1", "/").replaceAll("~0", "~");
    if (!isObject(inner) && !Array.isArray(inner)) throw new Error(`no schema at ${reference}`);
    return (inner as Schema)[name];
  }, root);
}

function isOf(value: unknown, type: unknown): boolean {
  switch (type) {
    case "null":
      return value === null;
    case "array":
      return Array.isArray(value);
    case "object":
      return isObject(value);
    case "integer":
      return Number.isInteger(value);
    default:
      return typeof value === type;
  }
}

function listed(value: unknown): unknown[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}

function same(one: unknown, other: unknown): boolean {
  if (typeof one !== "object" || one === null || typeof other !== "object" || other === null) return one === other;
  const [names, others] = [Object.keys(one), Object.keys(other)];
  if (Array.isArray(one) !== Array.isArray(other) || names.length !== others.length) return false;
  return names.every((name) => Object.hasOwn(other, name) && same((one as Schema)[name], (other as Schema)[name]));
}
