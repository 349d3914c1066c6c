/** Whether there is as little room as on a phone. */

import { useSyncExternalStore } from "react";

const NARROW = matchMedia("(max-width: 688px)");

export function useNarrow(): boolean {
  return useSyncExternalStore(
    (changed) => {
      NARROW.addEventListener("change", changed);
      return () => NARROW.removeEventListener("change", changed);
    },
    () => NARROW.matches,
  );
}
