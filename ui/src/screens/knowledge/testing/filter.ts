/** Which chunks a search may find: conditions as a person writes them, and the filter that the API takes. */

import type { RetrievalFilter } from "@aws-sdk/client-bedrock-agent-runtime";
import { linesIn, numberIn } from "../metadata/metadata";

export type ValueType = "text" | "number" | "truth";

/** What each operator compares with; the first is meant where nothing is chosen. */
export const OPERATORS = {
  equals: ["text", "number", "truth"],
  notEquals: ["text", "number", "truth"],
  greaterThan: ["number"],
  greaterThanOrEquals: ["number"],
  lessThan: ["number"],
  lessThanOrEquals: ["number"],
  in: ["text", "number"],
  notIn: ["text", "number"],
  startsWith: ["text"],
  stringContains: ["text"],
  listContains: ["text"],
} as const satisfies Record<string, readonly ValueType[]>;
export type Operator = keyof typeof OPERATORS;
export const OPERATOR_NAMES = Object.keys(OPERATORS) as Operator[];

/** Whether all conditions must hold, or one is enough. */
export const JOINS = ["andAll", "orAll"] as const;
export type Join = (typeof JOINS)[number];

/** `value` is as it was typed: where an operator takes several, one on each line. */
export interface Condition {
  key: string;
  operator: Operator;
  type: ValueType;
  value: string;
}

export interface Conditions {
  join: Join;
  all: Condition[];
}

export function takesSeveral(operator: Operator): boolean {
  return operator === "in" || operator === "notIn";
}

/** With what it can compare with. */
export function withOperator(condition: Condition, operator: Operator): Condition {
  const types: readonly ValueType[] = OPERATORS[operator];
  return { ...condition, operator, type: types.includes(condition.type) ? condition.type : (types[0] ?? "text") };
}

/** What is wrong with a condition that names an attribute. */
export function mistakeIn(condition: Condition): "missing" | "number" | undefined {
  const { key, type, value } = condition;
  if (!key.trim() || type === "truth") return undefined;
  if (!value.trim()) return "missing";
  return type === "number" && valuesIn(condition).includes(undefined) ? "number" : undefined;
}

/** None where no condition names an attribute. */
export function filterOf({ join, all }: Conditions): RetrievalFilter | null {
  const made = all.filter(({ key }) => key.trim()).map(conditionOf);
  if (made.length > 1) return { [join]: made } as unknown as RetrievalFilter;
  return made[0] ?? null;
}

function conditionOf(condition: Condition): RetrievalFilter {
  const { key, operator } = condition;
  const values = valuesIn(condition);
  return { [operator]: { key: key.trim(), value: takesSeveral(operator) ? values : values[0] } } as unknown as RetrievalFilter;
}

function valuesIn({ operator, type, value }: Condition): (string | number | boolean | undefined)[] {
  const typed = takesSeveral(operator) ? linesIn(value) : [value.trim()];
  if (type === "number") return typed.map(numberIn);
  return type === "truth" ? typed.map((each) => each === "true") : typed;
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
export function conditionsIn(filter: RetrievalFilter | null): Conditions | null {
  if (filter === null) return { join: "andAll", all: [] };
  const [[name, parts] = ["", null], ...others] = Object.entries(filter) as [string, unknown][];
  const join = JOINS.find((each) => each === name);
  const read = (join && Array.isArray(parts) && others.length === 0 ? (parts as RetrievalFilter[]) : [filter]).map(conditionIn);
  return read.every((each) => each !== null) ? { join: join ?? "andAll", all: read } : null;
}

function conditionIn(part: RetrievalFilter): Condition | null {
  const [entry, ...others] = Object.entries(part) as [string, { key?: unknown; value?: unknown }][];
  const operator = OPERATOR_NAMES.find((each) => each === entry?.[0]);
  if (!entry || !operator || others.length > 0 || typeof entry[1]?.key !== "string") return null;
  const { key, value } = entry[1];
  const values: unknown[] = takesSeveral(operator) && Array.isArray(value) ? value : [value];
  const [type, ...types] = [...new Set(values.map(typeOf))];
  const taken: readonly ValueType[] = OPERATORS[operator];
  if (!type || types.length > 0 || !taken.includes(type)) return null;
  // In rows a text has but one line, and no space around it.
  if (values.some((each) => typeof each === "string" && (each !== each.trim() || each === "" || each.includes("\n")))) return null;
  return { key, operator, type, value: values.map(String).join("\n") };
}

function typeOf(value: unknown): ValueType | undefined {
  if (typeof value === "string") return "text";
  if (typeof value === "number") return "number";
  return typeof value === "boolean" ? "truth" : undefined;
}
