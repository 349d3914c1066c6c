/** The steps of a request as rows of a waterfall: which stands under which, what kind of work it is, where its bar lies. */

import type { RequestSpan } from "../../../api/shapes";

export const KINDS = ["door", "waiting", "guardrail", "retrieval", "reading", "engine", "other"] as const;
export type Kind = (typeof KINDS)[number];

export interface Step {
  span: RequestSpan;
  depth: number;
  kind: Kind;
  /** Of all of the time, 0 to 1. */
  from: number;
  share: number;
}

/** By the first part of a step's name. */
const OF: Record<string, Kind> = {
  door: "door",
  admission: "waiting",
  queue: "waiting",
  guardrail: "guardrail",
  retrieval: "retrieval",
  parsing: "reading",
  engine: "engine",
};

/** In the order they began, each after the one it stands under. */
export function steps(spans: RequestSpan[], total: number): Step[] {
  const ids = new Set(spans.map(({ spanId }) => spanId));
  const below = new Map<string, RequestSpan[]>();
  for (const span of spans) {
    const above = span.parentSpanId && ids.has(span.parentSpanId) ? span.parentSpanId : "";
    below.set(above, [...(below.get(above) ?? []), span]);
  }
  const whole = Math.max(total, ...spans.map(({ offsetMs, durationMs }) => offsetMs + durationMs), Number.MIN_VALUE);
  const under = (above: string, depth: number): Step[] =>
    [...(below.get(above) ?? [])]
      .sort((one, other) => one.offsetMs - other.offsetMs)
      .flatMap((span) => {
        const step = { span, depth, kind: kindOf(span), from: span.offsetMs / whole, share: span.durationMs / whole };
        return [step, ...under(span.spanId, depth + 1)];
      });
  return under("", 0);
}

function kindOf({ name }: RequestSpan): Kind {
  return OF[name.split(".")[0] ?? ""] ?? "other";
}

/** Where the lines of the axis are, in milliseconds: three to six of them, at round numbers, below the end. */
export function ticks(total: number): number[] {
  if (total <= 0) return [];
  const rough = total / 5;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((times) => times * power).find((size) => size >= rough) ?? rough;
  return Array.from({ length: Math.ceil(total / step) }, (_, at) => at * step);
}

/** The step that took longest by itself, of those that have none below; null where there are no steps but the whole. */
export function longest(all: Step[]): Step | null {
  const above = new Set(all.map(({ span }) => span.parentSpanId));
  const leaves = all.filter(({ span, depth }) => depth > 0 && !above.has(span.spanId));
  return leaves.reduce<Step | null>((most, step) => (most === null || step.share > most.share ? step : most), null);
}
