/** A list of as many rows as one likes, of which only those in sight are drawn. Arrows lead through it, Enter opens a row. */

import { type KeyboardEvent, type ReactNode, useCallback, useEffect, useLayoutEffect, useRef, useState } from "react";
import { useNarrow } from "../useNarrow";
import { rowAfter, rowsIn, scrolledTo } from "./window";

/** In pixels: requests.css has the same. */
const ROW = 40;
const ROW_NARROW = 62;
const HEAD = 36;

/** Where somebody is in the list, kept for when they come back. */
export interface Place {
  /** In pixels. */
  scrolled: number;
  /** The id of the row that keys lead from. */
  active: string | null;
}

interface Shown<Item> {
  label: string;
  columns: { id: string; header: string }[];
  items: Item[];
  idOf: (item: Item) => string;
  /** The cells of a row. The element with the class `requests-link` is the one that is reached by keys. */
  row: (item: Item, tabIndex: 0 | -1) => ReactNode;
  empty: ReactNode;
  place: Place;
}

export function Table<Item>({ label, columns, items, idOf, row, empty, place: kept }: Shown<Item>) {
  const narrow = useNarrow();
  const height = narrow ? ROW_NARROW : ROW;
  const head = narrow ? 0 : HEAD;
  const box = useRef<HTMLDivElement>(null);
  const [seen, setSeen] = useState({ scrolled: kept.scrolled, height: 600 });
  const [active, setActive] = useState(kept.active);
  const focusing = useRef(false);

  const look = useCallback(() => {
    const { scrollTop, clientHeight } = box.current ?? { scrollTop: 0, clientHeight: 0 };
    if (clientHeight === 0) return; // it is hidden while another screen comes
    kept.scrolled = scrollTop;
    setSeen((before) => (before.scrolled === scrollTop && before.height === clientHeight ? before : { scrolled: scrollTop, height: clientHeight }));
  }, [kept]);

  useLayoutEffect(() => {
    if (box.current) box.current.scrollTop = kept.scrolled;
  }, [kept]);

  useEffect(() => {
    kept.active = active;
  }, [kept, active]);

  useEffect(() => {
    const watching = new ResizeObserver(look);
    if (box.current) watching.observe(box.current);
    return () => watching.disconnect();
  }, [look]);

  useAnchor(box, items, idOf, height);

  const place = active === null ? -1 : items.findIndex((item) => idOf(item) === active);
  const { first, end } = rowsIn(seen.scrolled, seen.height, height, items.length);
  const drawn = Array.from({ length: Math.max(0, end - first) }, (_, at) => first + at);
  if (place >= 0 && (place < first || place >= end)) drawn.push(place); // it keeps the focus
  const reached = place >= 0 ? place : 0;
  if (place < 0 && first > 0) drawn.unshift(0);

  useEffect(() => {
    if (!focusing.current) return;
    focusing.current = false;
    box.current?.querySelector<HTMLElement>('.requests-link[tabindex="0"]')?.focus({ preventScroll: true });
  });

  function move(event: KeyboardEvent): void {
    const page = Math.max(1, Math.floor(seen.height / height) - 1);
    const to = event.altKey || event.ctrlKey || event.metaKey ? null : rowAfter(event.key, reached, page, items.length);
    const item = to === null ? undefined : items[to];
    if (to === null || item === undefined || !box.current) return;
    event.preventDefault();
    const scroll = scrolledTo(to, box.current.scrollTop, seen.height, height, head);
    if (scroll !== null) box.current.scrollTop = scroll;
    focusing.current = true;
    setActive(idOf(item));
    look();
  }

  return (
    <div
      ref={box}
      className="requests-box"
      onScroll={look}
      role="grid"
      aria-label={label}
      aria-rowcount={items.length + 1}
      aria-colcount={columns.length}
      onKeyDown={move}
    >
      <div role="rowgroup" className="requests-head">
        <div role="row" aria-rowindex={1} className="requests-row">
          {columns.map(({ id, header }) => (
            <div key={id} role="columnheader" className={`requests-${id}`}>
              {header}
            </div>
          ))}
        </div>
      </div>
      <div role="rowgroup" className="requests-rows" style={{ height: items.length * height }}>
        {drawn.map((at) => {
          const item = items[at] as Item;
          const id = idOf(item);
          return (
            <div
              key={id}
              role="row"
              aria-rowindex={at + 2}
              className="requests-row requests-line"
              style={{ transform: `translateY(${at * height}px)` }}
              onFocus={() => setActive(id)}
            >
              {row(item, at === reached ? 0 : -1)}
            </div>
          );
        })}
      </div>
      {items.length === 0 && (
        <div role="row">
          <div role="gridcell">{empty}</div>
        </div>
      )}
    </div>
  );
}

/** Keeps what is looked at where it is when rows come in above it. */
function useAnchor<Item>(box: { current: HTMLDivElement | null }, items: Item[], idOf: (item: Item) => string, height: number): void {
  const before = useRef<Item[]>(items);
  useLayoutEffect(() => {
    const old = before.current;
    before.current = items;
    const scrolled = box.current?.scrollTop ?? 0;
    const seen = old[Math.floor(scrolled / height)];
    if (!box.current || scrolled === 0 || seen === undefined || old === items) return;
    const id = idOf(seen);
    const was = Math.floor(scrolled / height);
    const is = items.findIndex((item) => idOf(item) === id);
    if (is >= 0 && is !== was) box.current.scrollTop = scrolled + (is - was) * height;
  }, [box, items, idOf, height]);
}
