/** An answer with its citations: which piece of it is from where, by numbers. */

import type { Citation } from "@aws-sdk/client-bedrock-agent-runtime";
import { type Passage, passageOf } from "../passages";

export interface Piece {
  text: string;
  /** Numbers of passages, from 1. */
  marks: number[];
}

export interface Cited {
  pieces: Piece[];
  passages: Passage[];
}

/** `span` counts Unicode code points, and its end is the last of them. Each passage is told once, in the order of the marks. */
export function cited(text: string, citations: Citation[]): Cited {
  const points = Array.from(text);
  const pieces: Piece[] = [];
  const passages: Passage[] = [];
  let from = 0;
  for (const { generatedResponsePart, retrievedReferences = [] } of citations) {
    const end = generatedResponsePart?.textResponsePart?.span?.end;
    const marks = [...new Set(retrievedReferences.map((reference) => numberOf(passageOf(reference))))];
    const to = end === undefined ? points.length : Math.min(end + 1, points.length);
    if (to > from || marks.length > 0) pieces.push({ text: points.slice(from, to).join(""), marks });
    from = Math.max(from, to);
  }
  if (from < points.length) pieces.push({ text: points.slice(from).join(""), marks: [] });
  return { pieces, passages };

  function numberOf(passage: Passage): number {
    const known = passages.findIndex(({ key }) => key === passage.key);
    return known >= 0 ? known + 1 : passages.push(passage);
  }
}
