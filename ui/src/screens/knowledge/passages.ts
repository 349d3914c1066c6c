/** What a search finds: a text, and where it is from. */

import type { KnowledgeBaseRetrievalResult, RetrievedReference } from "@aws-sdk/client-bedrock-agent-runtime";
import { nameOf } from "./asking";

const OWN = "x-amz-bedrock-kb-";

export interface Passage {
  /** One of its own for each passage. */
  key: string;
  text: string;
  /** What a person calls its document. */
  name: string;
  /** The id of its document within its data source; nothing where it is from a database. */
  documentId: string;
  sourceId: string;
  chunkId: string;
  page: number | null;
  score: number | null;
  /** Those that its document was given; not the service's own. */
  attributes: Record<string, unknown>;
}

export function passageOf(found: KnowledgeBaseRetrievalResult | RetrievedReference): Passage {
  const { content, location } = found;
  const metadata = (found.metadata ?? {}) as Record<string, unknown>;
  const told = (name: string): string => String(metadata[OWN + name] ?? "");
  const documentId =
    location?.s3Location?.uri ?? location?.customDocumentLocation?.id ?? location?.webLocation?.url ?? told("source-uri");
  const rows = content?.row?.map(({ columnName, columnValue }) => `${columnName}: ${columnValue}`).join("\n");
  const text = content?.text ?? rows ?? "";
  const page = Number(told("document-page-number"));
  return {
    key: told("chunk-id") || `${documentId} ${text}`,
    text,
    name: nameOf(documentId) || (location?.sqlLocation?.query ?? ""),
    documentId,
    sourceId: told("data-source-id"),
    chunkId: told("chunk-id"),
    page: page > 0 ? page : null,
    score: "score" in found ? (found.score ?? null) : null,
    attributes: given(metadata),
  };
}

/** The attributes that a document was given, of those of a chunk. */
export function given(metadata: unknown): Record<string, unknown> {
  return Object.fromEntries(Object.entries((metadata ?? {}) as Record<string, unknown>).filter(([name]) => !name.startsWith(OWN)));
}

/** Words that say nothing of what is sought. */
const SMALL = new Set(
  "about does from have that their there they this what when where which whom will with your aber auch beim dass dem dein dies eine einem einen einer eines haben kann mein nach nicht oder sein sich sind über unter viel viele wann wann warum welche welcher welches wenn werden wird wurde".split(
    " ",
  ),
);

export type Part = { text: string; found: boolean };

/** A text, with those of its words set apart that a query has too, as they stand or but for their ending. */
export function marked(text: string, query: string): Part[] {
  const stems = (query.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [])
    .filter((word) => (word.length > 3 && !SMALL.has(word)) || /\d/.test(word))
    .map((word) => (word.length > 5 ? word.slice(0, -2) : word));
  if (stems.length === 0) return [{ text, found: false }];
  const parts: Part[] = [];
  for (const [piece] of text.matchAll(/[\p{L}\p{N}]+|[^\p{L}\p{N}]+/gu)) {
    const found = stems.some((stem) => piece.toLowerCase().startsWith(stem));
    const last = parts.at(-1);
    if (last && last.found === found) last.text += piece;
    else parts.push({ text: piece, found });
  }
  return parts;
}
