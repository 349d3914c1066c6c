import { expect, test } from "vitest";
import { bounds, read, selection, USUAL, written } from "./asked";

const NOW = new Date("2026-11-22T12:00:00Z");

test("an address without anything asks for 30 days by model", () => {
  expect(read(new URLSearchParams())).toEqual({ span: USUAL, by: "model", measure: null, filters: {} });
});

test("what is asked for stands in the address", () => {
  const asked = read(new URLSearchParams("span=24h&by=tag:team&measure=tokens&model=a&model=b&metadata:app=x&find=y"));
  expect(asked).toEqual({
    span: { last: 24, unit: "h" },
    by: "tag:team",
    measure: "tokens",
    filters: { model: ["a", "b"], "metadata:app": ["x"] },
  });
  expect(selection(asked, NOW)).toEqual({
    startTime: "2026-11-21T12:00:00.000Z",
    endTime: "2026-11-22T12:00:00.000Z",
    filters: asked.filters,
  });
});

test("what makes no sense is as if it were not there", () => {
  const asked = read(new URLSearchParams("span=0d&by=nothing&measure=joy&from=2026-11-22&to=2026-11-01&tag:=x"));
  expect(asked).toEqual({ span: USUAL, by: "model", measure: null, filters: {} });
});

test("a span from one moment to another is written and read again", () => {
  const span = { from: new Date("2026-11-01T00:00:00Z"), to: new Date("2026-11-03T06:00:00Z") };
  const names = Object.entries(written(span)).filter((pair): pair is [string, string] => pair[1] !== null);
  expect(read(new URLSearchParams(names)).span).toEqual(span);
  expect(bounds(span, NOW)).toEqual(span);
});
