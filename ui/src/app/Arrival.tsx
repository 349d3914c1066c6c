/** Where the keyboard goes when another screen has come: to its title, if what had the focus is gone. */

import { useEffect, useRef } from "react";

/** For so long, in milliseconds, and so often: a screen may draw its title anew once it knows what it is about. */
const PATIENCE = 3000;
const EVERY = 100;

/** Stands behind the screen, so that it is there with it. */
export function Arrival({ path }: { path: string }) {
  const before = useRef(path);
  useEffect(() => {
    if (before.current === path) return;
    before.current = path;
    const over = new AbortController();
    const looking = setInterval(toTitle, EVERY);
    const ending = setTimeout(end, PATIENCE);
    // Whoever does something is somewhere already.
    for (const event of ["keydown", "pointerdown"]) addEventListener(event, end, { once: true, capture: true, signal: over.signal });
    toTitle();
    return end;

    function end(): void {
      clearInterval(looking);
      clearTimeout(ending);
      over.abort();
    }
  }, [path]);
  return null;
}

function toTitle(): void {
  if (document.activeElement !== null && document.activeElement !== document.body) return;
  const title = document.querySelector<HTMLElement>("#content h1");
  if (!title) return;
  title.tabIndex = -1;
  title.focus({ preventScroll: true });
}
