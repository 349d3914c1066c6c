/** Edits that were not saved, for as long as somebody is signed in and the page is open. */

import type { Api } from "../../../api/api";
import type { Form } from "../form/form";

/** `base` is what was saved when the edits began, and `at` when it was saved, in milliseconds since 1970. */
export interface Edits {
  form: Form;
  base: Form;
  at: number;
}

const kept = new WeakMap<Api, Map<string, Edits>>();

function of(api: Api): Map<string, Edits> {
  const known = kept.get(api) ?? new Map<string, Edits>();
  kept.set(api, known);
  return known;
}

export function editsOf(api: Api, id: string): Edits | null {
  return of(api).get(id) ?? null;
}

export function keepEdits(api: Api, id: string, edits: Edits | null): void {
  if (edits) of(api).set(id, edits);
  else of(api).delete(id);
}
