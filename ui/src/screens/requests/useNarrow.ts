/** Whether there is only the room of a phone. */

import { useSyncExternalStore } from "react";

const NARROW = matchMedia("(max-width: 688px)");

function listen(changed: () => void): () => void {
  NARROW.addEventListener("change", changed);
  return () => NARROW.removeEventListener("change", changed);
}

export function useNarrow(): boolean {
  return useSyncExternalStore(listen, () => NARROW.matches);
}
