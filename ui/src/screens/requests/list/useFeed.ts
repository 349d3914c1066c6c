/** Fills the list page by page, and follows what comes, while somebody looks. */

import { useEffect, useState } from "react";
import type { Api } from "../../../api/api";
import { type Failure, failureOf, isAbort } from "../../../api/failure";
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

/** `wanted` must keep its identity as long as it asks the same. */
export function useFeed(api: Api, wanted: ListRequestsRequest, live: boolean): Following {
  const [kept, setKept] = useState(NOTHING);
  const [known, setKnown] = useState(NOTHING_SEEN);
  const [round, setRound] = useState(0);

  useEffect(() => {
    const ending = new AbortController();
    const { signal } = ending;
    let feed = EMPTY;
    setKept(NOTHING);

    function tell(now: Feed, page: ListRequestsResponse, loading: boolean): void {
      if (signal.aborted) return;
      feed = now;
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

    async function follow(): Promise<void> {
      while (!signal.aborted) {
        await pause(signal);
        if (!feed.follow || signal.aborted) return;
        const pages: ListRequestsResponse[] = [];
        do {
          const place = pages.at(-1)?.nextToken;
          const asked = { ...wanted, maxResults: PAGE, followToken: feed.follow, ...(place && { nextToken: place }) };
          pages.push(await api.craton("ListRequests", asked, signal));
        } while (pages.at(-1)?.nextToken);
        const now = newer(feed, pages);
        if (now !== feed) tell(now, { requests: pages.flatMap(({ requests }) => requests) }, false);
      }
    }

    async function run(): Promise<void> {
      try {
        await fill();
        if (live) await follow();
      } catch (error) {
        if (!signal.aborted && !isAbort(error)) setKept({ feed, loading: false, failure: failureOf(error) });
      }
    }

    void run();
    return () => ending.abort();
  }, [api, wanted, live, round]);

  return { ...kept, seen: known, again: () => setRound((before) => before + 1) };
}

/** A moment, and as long as nobody looks. */
async function pause(signal: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, EVERY);
    signal.addEventListener("abort", () => (clearTimeout(timer), resolve()), { once: true });
  });
  while (document.hidden && !signal.aborted) {
    await new Promise<void>((resolve) => {
      document.addEventListener("visibilitychange", () => resolve(), { once: true, signal });
      signal.addEventListener("abort", () => resolve(), { once: true });
    });
  }
}
