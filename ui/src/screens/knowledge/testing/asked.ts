/** What a search is asked. It stands behind the # of the address, so that a link brings it along. */

import type { RetrieveCommandInput } from "@aws-sdk/client-bedrock-agent-runtime";
import { filterIn } from "./filter";

export const TYPES = ["HYBRID", "SEMANTIC"] as const;
export type SearchType = (typeof TYPES)[number];

export interface Asked {
  query: string;
  results: number;
  type: SearchType;
  /** JSON, or nothing. */
  filter: string;
  /** For whom, where documents say who may see them. */
  user: string;
}

export const RESULTS = 5;
export const MOST = 100;

export function askedIn(hash: URLSearchParams): Asked {
  const results = Number(hash.get("n"));
  return {
    query: hash.get("q") ?? "",
    results: results >= 1 && results <= MOST ? Math.floor(results) : RESULTS,
    type: TYPES.find((each) => each === hash.get("type")) ?? "HYBRID",
    filter: hash.get("filter") ?? "",
    user: hash.get("user") ?? "",
  };
}

export function changesFor({ query, results, type, filter, user }: Asked): Record<string, string | null> {
  return {
    q: query,
    n: results === RESULTS ? null : String(results),
    type: type === "HYBRID" ? null : type,
    filter: filter.trim() || null,
    user: user.trim() || null,
  };
}

/** `kind` is the type of the knowledge base. */
export function retrievalOf({ results, type, filter }: Asked, kind: string) {
  const read = filterIn(filter);
  const configuration = { numberOfResults: results, ...(read && { filter: read }) };
  if (kind === "SQL") return {};
  if (kind === "MANAGED") return { retrievalConfiguration: { managedSearchConfiguration: configuration } };
  return { retrievalConfiguration: { vectorSearchConfiguration: { ...configuration, ...(type !== "HYBRID" && { overrideSearchType: type }) } } };
}

export function inputFor(knowledgeBaseId: string, asked: Asked, kind: string): RetrieveCommandInput {
  const user = asked.user.trim();
  return {
    knowledgeBaseId,
    retrievalQuery: { text: asked.query },
    ...retrievalOf(asked, kind),
    ...(user && { userContext: { userId: user } }),
  };
}
