/** For whom a key is, as a form has it. */

import type { Holder, Kind } from "./making";
import type { Scope } from "../reach/scopes";

export const NEW = "+new";
export const CALLER = "+caller";

export interface HolderForm {
  /** NEW, CALLER or the name of a user. */
  chosen: string;
  name: string;
  scope: Scope;
  models: string[];
}

export function proposed(taken: string[], now: Date): HolderForm {
  return { chosen: NEW, name: freeName(taken, now), scope: "ask", models: [] };
}

/** Such as key-2026-11-22, and with a number where that is taken. */
export function freeName(taken: string[], now: Date): string {
  const known = new Set(taken.map((name) => name.toLowerCase()));
  const day = `key-${now.toISOString().slice(0, 10)}`;
  for (let number = 1; ; number++) {
    const name = number === 1 ? day : `${day}-${number}`;
    if (!known.has(name)) return name;
  }
}

export function validUser(name: string): boolean {
  return /^[A-Za-z0-9+=,.@_-]{1,64}$/.test(name);
}

/** None: something is missing. An API key is a user's: whoever is signed in may be none. */
export function holderIn({ chosen, name, scope, models }: HolderForm, kind: Kind): Holder | null {
  if (chosen === CALLER) return kind === "ACCESS_KEY" ? "caller" : null;
  if (chosen !== NEW) return { user: chosen };
  return validUser(name) && (scope !== "models" || models.length > 0) ? { make: name, scope, models } : null;
}
