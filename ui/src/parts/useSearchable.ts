/** Long lists to choose from can be searched, by all the same name. */

import { useTexts } from "../texts/texts";

/** More are not found by looking. */
const MANY = 8;

/** The properties of a select that has so many options. */
export function useSearchable(count: number) {
  const { findIn } = useTexts();
  if (count <= MANY) return { filteringType: "none" as const };
  return { filteringType: "auto" as const, filteringAriaLabel: findIn, filteringPlaceholder: findIn };
}
