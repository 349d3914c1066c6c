/** Which rows of a long list are drawn: those that are seen, and some around them. */

/** Drawn beyond what is seen, on either side. */
const BEYOND = 4;

export interface Rows {
  first: number;
  /** One past the last. */
  end: number;
}

export function rowsIn(scrolled: number, seen: number, height: number, count: number): Rows {
  const first = Math.max(0, Math.floor(scrolled / height) - BEYOND);
  return { first: Math.min(first, Math.max(0, count - 1)), end: Math.min(count, Math.ceil((scrolled + seen) / height) + BEYOND) };
}

/** Where to scroll so that a row is seen whole; null where it is. `above` covers the top of what is seen. */
export function scrolledTo(row: number, scrolled: number, seen: number, height: number, above: number): number | null {
  const top = row * height;
  if (top < scrolled) return top;
  const bottom = top + height + above;
  return bottom > scrolled + seen ? bottom - seen : null;
}

/** The row that a key leads to from another; null for keys that lead nowhere. */
export function rowAfter(key: string, row: number, page: number, count: number): number | null {
  const steps: Record<string, number> = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -count, End: count };
  const step = steps[key];
  return step === undefined ? null : Math.max(0, Math.min(count - 1, row + step));
}
