import { expect, test } from "vitest";
import { shown, stretches, stretchOf } from "./times";

const at = (text: string) => new Date(text);

test("every stretch of a span is there, and named as GetUsage names it", () => {
  expect(stretches(at("2026-11-21T22:30:00Z"), at("2026-11-22T01:00:00Z"), "hour")).toEqual([
    "2026-11-21T22:00:00Z",
    "2026-11-21T23:00:00Z",
    "2026-11-22T00:00:00Z",
  ]);
  expect(stretches(at("2026-02-27T12:00:00Z"), at("2026-03-01T00:00:01Z"), "day")).toEqual(["2026-02-27", "2026-02-28", "2026-03-01"]);
  expect(stretches(at("2025-11-30T00:00:00Z"), at("2026-02-01T00:00:00Z"), "month")).toEqual(["2025-11", "2025-12", "2026-01"]);
});

test("a chart has neither a few bars nor hundreds", () => {
  const now = at("2026-11-22T12:00:00Z");
  const before = (hours: number) => new Date(now.getTime() - hours * 3_600_000);
  expect([24, 24 * 30, 24 * 365].map((hours) => stretchOf(before(hours), now))).toEqual(["hour", "day", "month"]);
});

test("an axis tells the time of UTC in the language of the person", () => {
  expect(shown("2026-11-22", "day", "de")).toBe("22. Nov.");
  expect(shown("2026-11", "month", "en")).toBe("Nov 2026");
});
