import { expect, test } from "vitest";
import type { RequestSummary } from "../../../api/shapes";
import { EMPTY, MOST, NOTHING_SEEN, newer, older, seen } from "./feed";

function request(requestId: string, more: Partial<RequestSummary> = {}): RequestSummary {
  const plain = { traceId: "", startedAt: "", region: "", status: 200, outcome: "SUCCESS", latencyMs: 1 } as const;
  return { requestId, ...plain, ...more };
}

const ids = (requests: RequestSummary[]) => requests.map(({ requestId }) => requestId);
const first = { requests: [request("r", { outcome: "RUNNING" }), request("b"), request("a")], followToken: "f1", nextToken: "n1" };

test("older requests come after those that are there, and what runs is told apart", () => {
  const feed = older(older(EMPTY, first), { requests: [request("z")] });
  expect(ids(feed.running)).toEqual(["r"]);
  expect(ids(feed.ended)).toEqual(["b", "a", "z"]);
  expect([feed.next, feed.follow]).toEqual([null, "f1"]);
});

test("news come before, in the order that they are told, and what runs is told anew", () => {
  const page = { requests: [request("s", { outcome: "RUNNING" }), request("d")], followToken: "f2" };
  const feed = newer(older(EMPTY, first), [page, { requests: [request("c")] }]);
  expect(ids(feed.running)).toEqual(["s"]);
  expect(ids(feed.ended)).toEqual(["d", "c", "b", "a"]);
  expect(feed.follow).toBe("f2");
});

test("without news nothing changes", () => {
  const feed = older(EMPTY, { requests: [request("a")], followToken: "f1" });
  expect(newer(feed, [{ requests: [], followToken: "f1" }])).toBe(feed);
  const next = newer(feed, [{ requests: [], followToken: "f2" }]);
  expect(next.ended).toBe(feed.ended);
});

test("what runs no more goes, though nothing is told of it", () => {
  expect(newer(older(EMPTY, first), [{ requests: [], followToken: "f2" }]).running).toEqual([]);
});

test("no more than the most are kept, and no older ones asked for", () => {
  const many = Array.from({ length: MOST }, (_, number) => request(String(number)));
  const feed = older(EMPTY, { requests: many, followToken: "f", nextToken: "n" });
  expect(feed.next).toBeNull();
  const ended = newer(feed, [{ requests: [request("new")], followToken: "g" }]).ended;
  expect([ended.length, ended[0]?.requestId]).toEqual([MOST, "new"]);
});

test("what filters choose from only grows", () => {
  const some = seen(NOTHING_SEEN, [request("a", { operation: "b.Two" }), request("b", { operation: "a.One", errorCode: "E" })]);
  expect([some.operation, some.error, some.model]).toEqual([["a.One", "b.Two"], ["E"], []]);
  expect(seen(some, [request("c", { operation: "b.Two" })])).toBe(some);
});
