/** The page follows an answer as it grows, until its reader scrolls up. */

import { useEffect, useLayoutEffect, useRef } from "react";

/** So near to the end counts as being there, in pixels. */
const NEAR = 120;

/** `newest` is another one when something new begins: then the page follows again. There is none before the first. */
export function useFollowing(grown: unknown, newest: unknown): void {
  const following = useRef(true);

  useEffect(() => {
    let before = scrollY;
    const look = () => {
      const { scrollHeight, clientHeight } = document.documentElement;
      if (scrollHeight - clientHeight - scrollY < NEAR) following.current = true;
      else if (scrollY < before) following.current = false;
      before = scrollY;
    };
    addEventListener("scroll", look, { passive: true });
    return () => removeEventListener("scroll", look);
  }, []);

  useLayoutEffect(() => {
    following.current = true;
  }, [newest]);

  useLayoutEffect(() => {
    if (following.current && newest !== undefined) scrollTo({ top: document.documentElement.scrollHeight });
  }, [grown, newest]);
}
