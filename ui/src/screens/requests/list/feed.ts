/** The requests that are known here, as plain data, and how they change as pages and news come. */

import type { ListRequestsResponse, RequestSummary } from "../../../api/shapes";

/** More are not kept here. */
export const MOST = 10_000;

export interface Feed {
  running: RequestSummary[];
  /** Those that ended last first. */
  ended: RequestSummary[];
  /** Where older ones go on; null where there are none. */
  next: string | null;
  /** Where newer ones go on. */
  follow: string | null;
}

export const EMPTY: Feed = { running: [], ended: [], next: null, follow: null };

const runs = ({ outcome }: RequestSummary) => outcome === "RUNNING";
const ran = ({ outcome }: RequestSummary) => outcome !== "RUNNING";

/** With the first page, or a further one of older requests. */
export function older(feed: Feed, page: ListRequestsResponse): Feed {
  const first = feed.follow === null;
  const ended = [...feed.ended, ...page.requests.filter(ran)].slice(0, MOST);
  return {
    running: first ? page.requests.filter(runs) : feed.running,
    ended,
    next: ended.length < MOST ? (page.nextToken ?? null) : null,
    follow: first ? (page.followToken ?? null) : feed.follow,
  };
}

/** With what has ended since, in the pages of one answer, and what runs now. The same where there is no news. */
export function newer(feed: Feed, pages: ListRequestsResponse[]): Feed {
  const told = pages.flatMap(({ requests }) => requests);
  const follow = pages[0]?.followToken ?? feed.follow;
  const running = told.filter(runs);
  const news = told.filter(ran);
  if (news.length === 0 && running.length === 0 && feed.running.length === 0) {
    return follow === feed.follow ? feed : { ...feed, follow };
  }
  return { ...feed, running, ended: news.length > 0 ? [...news, ...feed.ended].slice(0, MOST) : feed.ended, follow };
}

/** What filters can choose from: all that was ever seen, by the name of the filter. */
export type Seen = Record<"operation" | "model" | "principal" | "key" | "error", string[]>;

export const NOTHING_SEEN: Seen = { operation: [], model: [], principal: [], key: [], error: [] };

/** The same where there is nothing new. */
export function seen(before: Seen, requests: RequestSummary[]): Seen {
  const members = { operation: "operation", model: "modelId", principal: "principal", key: "accessKeyId", error: "errorCode" } as const;
  let after = before;
  for (const [name, member] of Object.entries(members) as [keyof Seen, (typeof members)[keyof Seen]][]) {
    const values = new Set(before[name]);
    for (const request of requests) if (request[member]) values.add(request[member]);
    if (values.size > before[name].length) after = { ...after, [name]: [...values].sort() };
  }
  return after;
}
