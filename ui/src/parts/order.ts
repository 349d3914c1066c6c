/** The order of names as people have it: in their language, and 2 before 10. */

const names = new Intl.Collator(undefined, { numeric: true });

/** For tables that are sorted by what `of` gives. */
export function byName<Item>(of: (item: Item) => string | undefined): (one: Item, other: Item) => number {
  return (one, other) => names.compare(of(one) ?? "", of(other) ?? "");
}
