/** The page follows an answer as it grows, as long as its reader is at the end. */

import { useEffect, useLayoutEffect, useRef } from "react";

/** So near to the end counts as being there, in pixels. */
const NEAR = 120;

export function useFollowing(grown: unknown): void {
  const atEnd = useRef(true);

  useEffect(() => {
    const look = () => {
      const { scrollHeight, clientHeight, scrollTop } = document.documentElement;
      atEnd.current = scrollHeight - clientHeight - scrollTop < NEAR;
    };
    addEventListener("scroll", look, { passive: true });
    return () => removeEventListener("scroll", look);
  }, []);

  useLayoutEffect(() => {
    if (atEnd.current) scrollTo({ top: document.documentElement.scrollHeight });
  }, [grown]);
}
