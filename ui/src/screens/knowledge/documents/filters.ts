/** Which documents are shown. It stands behind the # of the address, so that links keep it. */

import { type Document, hasFailed, isWorking } from "../asking";

export const STATES = ["all", "found", "working", "failed"] as const;
export type State = (typeof STATES)[number];

export interface Filters {
  find: string;
  state: State;
  source: string;
}

export function filtersIn(hash: URLSearchParams): Filters {
  const state = STATES.find((each) => each === hash.get("status"));
  return { find: hash.get("find") ?? "", state: state ?? "all", source: hash.get("source") ?? "" };
}

export function passes(document: Document, { find, state, source }: Filters): boolean {
  const text = `${document.id} ${document.reason}`.toLowerCase();
  return text.includes(find.trim().toLowerCase()) && (!source || document.source.id === source) && isIn(document, state);
}

function isIn(document: Document, state: State): boolean {
  if (state === "failed") return hasFailed(document);
  if (state === "working") return isWorking(document);
  return state === "all" || (!hasFailed(document) && !isWorking(document));
}
