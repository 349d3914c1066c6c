/** Where in the console a person is: the address below /console. What stands behind its # is a screen's own matter. */

import { useCallback, useMemo, useSyncExternalStore } from "react";

const BASE = "/console";
const MOVED = "craton:moved";

function path(): string {
  return location.pathname.slice(BASE.length).replace(/\/+$/, "") || "/";
}

function listen(changed: () => void): () => void {
  for (const event of ["popstate", MOVED]) addEventListener(event, changed);
  return () => {
    for (const event of ["popstate", MOVED]) removeEventListener(event, changed);
  };
}

/** "/" or "/models/ID", as it is written: parts are percent-encoded. */
export function usePath(): string {
  return useSyncExternalStore(listen, path);
}

/** A part of a path as it is meant; one that is written wrongly stands for itself. */
export function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

type Changes = Record<string, string | string[] | null>;

/** What stands behind the # as `name=value&...`, and a way to change some of it; null takes a name away, several values repeat it. */
export function useHash(): [URLSearchParams, (changes: Changes) => void] {
  const hash = useSyncExternalStore(listen, () => location.hash);
  const named = useMemo(() => new URLSearchParams(hash.slice(1)), [hash]);
  const change = useCallback((changes: Changes) => {
    const changed = new URLSearchParams(location.hash.slice(1));
    for (const [name, value] of Object.entries(changes)) {
      changed.delete(name);
      for (const each of value === null ? [] : [value].flat()) changed.append(name, each);
    }
    const text = changed.toString();
    history.replaceState(history.state, "", text ? `#${text}` : location.pathname + location.search);
    dispatchEvent(new Event(MOVED));
  }, []);
  return [named, change];
}

export function href(to: string): string {
  return `${BASE}${to}`;
}

export function go(to: string): void {
  history.pushState(null, "", href(to));
  dispatchEvent(new Event(MOVED));
  scrollTo(0, 0);
}

/** For links of our own: they lead on without loading the page anew, unless a new tab was asked for. */
export function follow(event: { preventDefault: () => void; detail: { href?: string | undefined; external?: boolean | undefined } }): void {
  const { href: to, external } = event.detail;
  if (!to || external || !to.startsWith(BASE)) return;
  event.preventDefault();
  go(to.slice(BASE.length));
}

