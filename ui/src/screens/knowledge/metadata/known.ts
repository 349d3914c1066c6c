/** The attributes that were met in a knowledge base since it was opened: no operation lists them. */

import type { Type } from "./metadata";

export type KnownAttributes = ReadonlyMap<string, Type>;

const met = new WeakMap<object, Map<string, Map<string, Type>>>();

/** Those that `holder`, whoever is signed in, has met. */
export function knownAttributes(holder: object, baseId: string): KnownAttributes {
  return met.get(holder)?.get(baseId) ?? new Map();
}

export function meet(holder: object, baseId: string, attributes: Record<string, unknown>): void {
  const bases = met.get(holder) ?? new Map<string, Map<string, Type>>();
  met.set(holder, bases);
  const known = bases.get(baseId) ?? new Map<string, Type>();
  bases.set(baseId, known);
  for (const [key, value] of Object.entries(attributes)) {
    const type = typeOf(value);
    if (type) known.set(key, type);
  }
}

function typeOf(value: unknown): Type | undefined {
  if (Array.isArray(value)) return "STRING_LIST";
  if (typeof value === "string") return "STRING";
  if (typeof value === "number") return "NUMBER";
  return typeof value === "boolean" ? "BOOLEAN" : undefined;
}
