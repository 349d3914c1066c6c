/** What a report is about, as it stands in the address: the time, what it is grouped and filtered by, and what is shown of it. */

export const MEASURES = ["cost", "tokens", "invocations", "errors", "latency", "energy"] as const;
export type Measure = (typeof MEASURES)[number];

/** Those that every invocation has; tags and metadata have names of their own, as in `tag:team`. */
export const DIMENSIONS = ["model", "key", "principal", "account", "operation", "status", "tier", "region", "profile"] as const;
export type Dimension = (typeof DIMENSIONS)[number];

export const UNITS = { h: "hour", d: "day", w: "week", m: "month" } as const;
const HOURS = { h: 1, d: 24, w: 168, m: 720 };

/** The last so many hours, days, weeks or months of 30 days; or from one moment to another. */
export type Span = { last: number; unit: keyof typeof UNITS } | { from: Date; to: Date };

export interface Asked {
  span: Span;
  by: string;
  /** What is shown; none: cost where anything costs, else tokens. */
  measure: Measure | null;
  filters: Record<string, string[]>;
}

export const USUAL: Span = { last: 30, unit: "d" };

export function isDimension(name: string): boolean {
  return (DIMENSIONS as readonly string[]).includes(name) || /^(tag|metadata):./.test(name);
}

export function read(address: URLSearchParams): Asked {
  const by = address.get("by") ?? "";
  const measure = address.get("measure") as Measure | null;
  const names = [...new Set(address.keys())].filter(isDimension);
  return {
    span: spanIn(address),
    by: isDimension(by) ? by : "model",
    measure: measure && MEASURES.includes(measure) ? measure : null,
    filters: Object.fromEntries(names.map((name) => [name, address.getAll(name)])),
  };
}

function spanIn(address: URLSearchParams): Span {
  const last = /^([1-9]\d{0,3})([hdwm])$/.exec(address.get("span") ?? "");
  if (last) return { last: Number(last[1]), unit: last[2] as keyof typeof UNITS };
  const [from, to] = [new Date(address.get("from") ?? ""), new Date(address.get("to") ?? "")];
  return from < to ? { from, to } : USUAL;
}

/** The names of the address that a span stands for. */
export function written(span: Span): { span: string | null; from: string | null; to: string | null } {
  if ("last" in span) return { span: `${span.last}${span.unit}`, from: null, to: null };
  return { span: null, from: span.from.toISOString(), to: span.to.toISOString() };
}

export function bounds(span: Span, now: Date): { from: Date; to: Date } {
  if ("from" in span) return span;
  return { from: new Date(now.getTime() - span.last * HOURS[span.unit] * 3_600_000), to: now };
}

/** The members that the operations on usage have in common. */
export function selection({ span, filters }: Pick<Asked, "span" | "filters">, now: Date) {
  const { from, to } = bounds(span, now);
  return {
    startTime: from.toISOString(),
    endTime: to.toISOString(),
    ...(Object.keys(filters).length > 0 && { filters }),
  };
}
