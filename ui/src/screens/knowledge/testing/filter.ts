/** Which chunks a search may find: conditions as a person writes them, and the filter that the API takes. */

import type { RetrievalFilter } from "@aws-sdk/client-bedrock-agent-runtime";

export const OPERATORS = [
  "equals",
  "notEquals",
  "greaterThan",
  "greaterThanOrEquals",
  "lessThan",
  "lessThanOrEquals",
  "in",
  "notIn",
  "startsWith",
  "stringContains",
  "listContains",
] as const;
export type Operator = (typeof OPERATORS)[number];

export interface Condition {
  key: string;
  operator: Operator;
  value: string;
}

type Value = string | number | boolean;

/** What is typed is a number or a truth where it reads as one; in quotation marks it is a text in any case. */
export function valueOf(typed: string): Value {
  const text = typed.trim();
  const [, quoted] = /^"(.*)"$/.exec(text) ?? [];
  if (quoted !== undefined) return quoted;
  if (text === "true" || text === "false") return text === "true";
  return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text;
}

const LISTS = new Set<Operator>(["in", "notIn"]);
const TEXTS = new Set<Operator>(["startsWith", "stringContains", "listContains"]);

/** None where no condition names an attribute. Several must all hold. */
export function filterOf(conditions: Condition[]): RetrievalFilter | null {
  const all = conditions.filter(({ key }) => key.trim()).map(conditionOf);
  if (all.length > 1) return { andAll: all };
  return all[0] ?? null;
}

function conditionOf({ key, operator, value }: Condition): RetrievalFilter {
  const read = LISTS.has(operator) ? value.split(",").map(valueOf) : TEXTS.has(operator) ? String(valueOf(`"${value.trim().replace(/^"|"$/g, "")}"`)) : valueOf(value);
  return { [operator]: { key: key.trim(), value: read } } as unknown as RetrievalFilter;
}

/** A filter as JSON; undefined where it is none. */
export function filterIn(json: string): RetrievalFilter | null | undefined {
  if (!json.trim()) return null;
  try {
    const read: unknown = JSON.parse(json);
    return typeof read === "object" && read !== null && !Array.isArray(read) ? (read as RetrievalFilter) : undefined;
  } catch {
    return undefined;
  }
}

/** The conditions that a filter is made of; none where it says more than rows can. */
export function conditionsIn(filter: RetrievalFilter | null): Condition[] | null {
  if (filter === null) return [];
  const parts = "andAll" in filter && filter.andAll ? filter.andAll : [filter];
  const read = parts.map((part) => {
    const [entry, ...others] = Object.entries(part) as [string, { key?: unknown; value?: unknown }][];
    const operator = OPERATORS.find((each) => each === entry?.[0]);
    if (!entry || !operator || others.length > 0 || typeof entry[1]?.key !== "string") return null;
    return { key: entry[1].key, operator, value: typedOf(entry[1].value) };
  });
  return read.every((each) => each !== null) ? read : null;
}

function typedOf(value: unknown): string {
  if (Array.isArray(value)) return value.map(typedOf).join(", ");
  return typeof value === "string" && typeof valueOf(value) !== "string" ? `"${value}"` : String(value);
}
