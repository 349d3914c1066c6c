/** Where in a text lies what was found: findings tell what they matched, in the order of the text, and not where. */

import type { Found } from "./evidence";

export interface Piece {
  text: string;
  /** What is marked here, the one that does the most first; none in what lies between. */
  found: Found[];
}

const WEIGHTS = { BLOCKED: 2, ANONYMIZED: 1, NONE: 0 };

interface Span {
  start: number;
  end: number;
  found: Found;
}

/** The text in pieces that give it back when joined. Marks that overlap become one. */
export function pieces(text: string, all: Found[]): Piece[] {
  const spans = all
    .filter(({ detected, matched }) => detected && matched)
    .reduce(placing(text), { spans: [] as Span[], from: new Map<string, number>() }).spans;
  spans.sort((one, other) => one.start - other.start || other.end - one.end);
  const made: Piece[] = [];
  let at = 0;
  for (let place = 0; place < spans.length; ) {
    const first = spans[place] as Span;
    let { end } = first;
    const within: Found[] = [];
    for (let next = spans[place]; next && next.start < end; next = spans[++place]) {
      end = Math.max(end, next.end);
      within.push(next.found);
    }
    if (first.start > at) made.push({ text: text.slice(at, first.start), found: [] });
    within.sort((one, other) => WEIGHTS[other.action] - WEIGHTS[one.action]);
    made.push({ text: text.slice(first.start, end), found: within });
    at = end;
  }
  if (at < text.length) made.push({ text: text.slice(at), found: [] });
  return made;
}

/** Each finding of a kind is sought behind the one before: so what stands several times is marked as often as it was found. */
function placing(text: string) {
  return (known: { spans: Span[]; from: Map<string, number> }, found: Found) => {
    const matched = found.matched as string;
    const kind = JSON.stringify([found.policy, found.group, found.name === matched ? "" : found.name, matched]);
    const start = placeOf(matched, text, known.from.get(kind) ?? 0);
    if (start < 0) return known;
    known.from.set(kind, start + matched.length);
    known.spans.push({ start, end: start + matched.length, found });
    return known;
  };
}

/** Rather where it stands alone than within a longer word. */
function placeOf(matched: string, text: string, from: number): number {
  const first = text.indexOf(matched, from);
  for (let at = first; at >= 0; at = text.indexOf(matched, at + 1)) {
    if (!joined(text, at) && !joined(text, at + matched.length)) return at;
  }
  return first;
}

/** Whether one word goes on over this place. */
function joined(text: string, at: number): boolean {
  return /[\p{L}\p{N}]$/u.test(text.slice(Math.max(0, at - 2), at)) && /^[\p{L}\p{N}]/u.test(text.slice(at, at + 2));
}
