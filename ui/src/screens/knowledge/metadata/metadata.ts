/** What is told of a file beside its content, as a person writes it, and as the API takes it. Knows no file. */

import type { KnowledgeBaseAccessEntry, KnowledgeBaseAttribute, KnowledgeBaseAttributeValue } from "../../../api/shapes";

export const TYPES = ["STRING", "NUMBER", "BOOLEAN", "STRING_LIST"] as const;
export type Type = (typeof TYPES)[number];

/** `value` is as it was typed: a list has a text on each line. */
export interface Row {
  key: string;
  type: Type;
  value: string;
}

export interface Draft {
  rows: Row[];
  /** Whether only those named below may find it. */
  restricted: boolean;
  /** User ids, one a line. */
  allowed: string;
  denied: string;
}

export interface Metadata {
  attributes?: KnowledgeBaseAttribute[];
  accessControlList?: KnowledgeBaseAccessEntry[];
}

export const NO_ROW: Row = { key: "", type: "STRING", value: "" };
export const NOTHING: Draft = { rows: [], restricted: false, allowed: "", denied: "" };

export const MOST_ROWS = 50;
export const MOST_TEXTS = 10;
const LONGEST_KEY = 200;
const LONGEST_TEXT = 2048;
const LONGEST_USER = 256;
const TAKEN = ["x-amz-bedrock-kb-", "craton:"];

export type KeyMistake = "missing" | "long" | "taken" | "twice";
export type ValueMistake = "missing" | "long" | "number" | "many";

/** What is wrong with each row, in their order; nothing is wrong with one that is empty: it is left out. */
export function mistakesIn(rows: Row[]): { key?: KeyMistake; value?: ValueMistake }[] {
  const keys = rows.map(({ key }) => key.trim());
  return rows.map((row, place) => {
    if (isEmpty(row)) return {};
    const key = keyMistake(keys[place] ?? "", keys);
    const value = valueMistake(row);
    return { ...(key && { key }), ...(value && { value }) };
  });
}

/** Whether it cannot be sent as it is. */
export function isWrong({ rows, restricted, allowed, denied }: Draft): boolean {
  if (mistakesIn(rows).some(({ key, value }) => key || value)) return true;
  return restricted && (linesIn(allowed).length === 0 || [...linesIn(allowed), ...linesIn(denied)].some((user) => user.length > LONGEST_USER));
}

export function metadataOf({ rows, restricted, allowed, denied }: Draft): Metadata {
  const attributes = rows.filter((row) => !isEmpty(row)).map((row) => ({ key: row.key.trim(), value: valueOf(row) }));
  const entry = (access: "ALLOW" | "DENY") => (name: string): KnowledgeBaseAccessEntry => ({ name, type: "USER", access });
  return {
    ...(attributes.length > 0 && { attributes }),
    ...(restricted && { accessControlList: [...linesIn(allowed).map(entry("ALLOW")), ...linesIn(denied).map(entry("DENY"))] }),
  };
}

/** A number with a decimal point or comma; undefined where it is none. */
export function numberIn(text: string): number | undefined {
  const plain = text.trim().replace(",", ".");
  return /^[-+]?\d+(\.\d+)?(e[-+]?\d+)?$/i.test(plain) && Number.isFinite(Number(plain)) ? Number(plain) : undefined;
}

export function linesIn(text: string): string[] {
  return text.split("\n").map((line) => line.trim()).filter(Boolean);
}

function isEmpty({ key, type, value }: Row): boolean {
  return !key.trim() && (type === "BOOLEAN" || !value.trim());
}

function keyMistake(key: string, all: string[]): KeyMistake | undefined {
  if (!key) return "missing";
  if (key.length > LONGEST_KEY) return "long";
  if (TAKEN.some((taken) => key.startsWith(taken))) return "taken";
  return all.filter((each) => each === key).length > 1 ? "twice" : undefined;
}

function valueMistake({ type, value }: Row): ValueMistake | undefined {
  if (type === "BOOLEAN") return undefined;
  if (!value.trim()) return "missing";
  if (type === "NUMBER") return numberIn(value) === undefined ? "number" : undefined;
  const texts = type === "STRING" ? [value.trim()] : linesIn(value);
  if (texts.length > MOST_TEXTS) return "many";
  return texts.some((text) => text.length > LONGEST_TEXT) ? "long" : undefined;
}

function valueOf({ type, value }: Row): KnowledgeBaseAttributeValue {
  switch (type) {
    case "STRING":
      return { type, stringValue: value.trim() };
    case "NUMBER":
      return { type, numberValue: numberIn(value) ?? 0 };
    case "BOOLEAN":
      return { type, booleanValue: value === "true" };
    case "STRING_LIST":
      return { type, stringListValue: linesIn(value) };
  }
}
