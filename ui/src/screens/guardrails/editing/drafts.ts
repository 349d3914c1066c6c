/** Edits that were not saved, for as long as somebody is signed in and the page is open. */

import type { Api } from "../../../api/api";
import type { Form } from "../form/form";

const kept = new WeakMap<Api, Map<string, Form>>();

function of(api: Api): Map<string, Form> {
  const known = kept.get(api) ?? new Map<string, Form>();
  kept.set(api, known);
  return known;
}

export function editsOf(api: Api, id: string): Form | null {
  return of(api).get(id) ?? null;
}

export function keepEdits(api: Api, id: string, form: Form | null): void {
  if (form) of(api).set(id, form);
  else of(api).delete(id);
}
