import { expect, test } from "vitest";
import type { RequestSpan } from "../../../api/shapes";
import { longest, steps, ticks } from "./waterfall";

function span(spanId: string, name: string, offsetMs: number, durationMs: number, parentSpanId?: string): RequestSpan {
  return { spanId, name, offsetMs, durationMs, attributes: {}, ...(parentSpanId && { parentSpanId }) };
}

const SPANS = [
  span("d", "door", 0, 100, "of-the-caller"),
  span("e", "engine", 40, 50, "d"),
  span("w", "engine.decode", 60, 30, "e"),
  span("r", "engine.prefill", 40, 20, "e"),
  span("q", "queue", 10, 30, "d"),
];

test("each step after the one it stands under, in the order they began", () => {
  const all = steps(SPANS, 100);
  expect(all.map(({ span: { name }, depth }) => [name, depth])).toEqual([
    ["door", 0],
    ["queue", 1],
    ["engine", 1],
    ["engine.prefill", 2],
    ["engine.decode", 2],
  ]);
  expect(all.map(({ kind }) => kind)).toEqual(["door", "waiting", "engine", "engine", "engine"]);
  expect([all[2]?.from, all[2]?.share]).toEqual([0.4, 0.5]);
});

test("a step that goes on beyond the whole makes it longer", () => {
  expect(steps([span("d", "door", 0, 100), span("g", "guardrail", 90, 110, "d")], 100)[1]).toMatchObject({ from: 0.45, share: 0.55 });
});

test("what took longest is a step that has none below", () => {
  expect(longest(steps(SPANS, 100))?.span.name).toBe("queue");
  expect(longest(steps([span("d", "door", 0, 5)], 5))).toBeNull();
});

test("round numbers on the axis", () => {
  expect(ticks(100)).toEqual([0, 20, 40, 60, 80]);
  expect(ticks(1234)).toEqual([0, 500, 1000]);
  expect(ticks(0)).toEqual([]);
});
