/** Fills the list page by page, and follows what comes, while somebody looks. */

import { useEffect, useState } from "react";
import type { Api } from "../../../api/api";
import { type Failure, failureOf, isAbort, isRefused } from "../../../api/failure";
import type { ListRequestsRequest, ListRequestsResponse } from "../../../api/shapes";
import { EMPTY, type Feed, newer, NOTHING_SEEN, older, type Seen, seen } from "./feed";

/** Requests of a page: what the server looks up within a few milliseconds. */
export const PAGE = 250;
const EVERY = 1000;

export interface Following {
  feed: Feed;
  seen: Seen;
  loading: boolean;
  failure: Failure | null;
  again: () => void;
}

interface Kept {
  feed: Feed;
  loading: boolean;
  failure: Failure | null;
}

const NOTHING: Kept = { feed: EMPTY, loading: true, failure: null };

/** What was listed last, and by which filters: whoever comes back from one request finds the list as it was, and sees what came since. */
const left = new WeakMap<Api, { filters: string; feed: Feed }>();

function resumed(api: Api, filters: string): Feed | null {
  const before = left.get(api);
  return before?.filters === filters && before.feed.follow !== null ? before.feed : null;
}

/** `wanted` must keep its identity as long as it asks the same, and `filters` stay the same text. */
export function useFeed(api: Api, wanted: ListRequestsRequest, filters: string, live: boolean): Following {
  const [kept, setKept] = useState(() => keptFrom(resumed(api, filters)));
  const [known, setKnown] = useState(() => seen(NOTHING_SEEN, kept.feed.ended));
  const [round, setRound] = useState(0);

  useEffect(() => {
    const ending = new AbortController();
    const { signal } = ending;
    const before = resumed(api, filters);
    let feed = before ?? EMPTY;
    let told = false;
    setKept(keptFrom(before));

    function tell(now: Feed, page: ListRequestsResponse, loading: boolean): void {
      if (signal.aborted) return;
      feed = now;
      told = true;
      left.set(api, { filters, feed });
      setKept({ feed, loading, failure: null });
      setKnown((before) => seen(before, page.requests));
    }

    async function fill(): Promise<void> {
      do {
        const page = await api.craton("ListRequests", { ...wanted, maxResults: PAGE, ...(feed.next && { nextToken: feed.next }) }, signal);
        const now = older(feed, page);
        tell(now, page, now.next !== null);
      } while (feed.next !== null && !signal.aborted);
    }

    /** What has ended since, and what runs now. */
    async function news(): Promise<void> {
      const pages: ListRequestsResponse[] = [];
      do {
        const place = pages.at(-1)?.nextToken;
        const asked = { ...wanted, maxResults: PAGE, ...(feed.follow && { followToken: feed.follow }), ...(place && { nextToken: place }) };
        pages.push(await api.craton("ListRequests", asked, signal));
      } while (pages.at(-1)?.nextToken);
      const now = newer(feed, pages);
      if (now !== feed) tell(now, { requests: pages.flatMap(({ requests }) => requests) }, false);
    }

    /** While the server is away, or has too much to do, what is known stays, and is asked for again. */
    async function run(): Promise<void> {
      let filled = before !== null && before.next === null;
      for (let failing = false; !signal.aborted && !(filled && (!live || !feed.follow)); await pause(signal)) {
        try {
          if (filled) await news();
          else await fill();
          filled = true;
          if (failing && !signal.aborted) setKept({ feed, loading: false, failure: null });
          failing = false;
        } catch (error) {
          if (signal.aborted || isAbort(error)) return;
          const failure = failureOf(error);
          failing = true;
          if (isRefused(failure)) left.delete(api);
          // Another server may be there by now, which does not know where the list goes on.
          if (isRefused(failure) && before !== null && !told) return setRound((now) => now + 1);
          setKept({ feed, loading: false, failure });
          if (isRefused(failure)) return;
        }
      }
    }

    void run();
    return () => ending.abort();
  }, [api, wanted, filters, live, round]);

  return { ...kept, seen: known, again: () => setRound((before) => before + 1) };
}

function keptFrom(feed: Feed | null): Kept {
  return feed ? { feed, loading: feed.next !== null, failure: null } : NOTHING;
}

/** A moment, and as long as nobody looks. Nothing goes on listening: a list is followed for hours. */
async function pause(signal: AbortSignal): Promise<void> {
  const over = new AbortController();
  const once = { once: true, signal: over.signal };
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, EVERY);
    signal.addEventListener("abort", () => (clearTimeout(timer), resolve()), once);
  });
  while (document.hidden && !signal.aborted) {
    await new Promise<void>((resolve) => {
      document.addEventListener("visibilitychange", () => resolve(), once);
      signal.addEventListener("abort", () => resolve(), once);
    });
  }
  over.abort();
}
