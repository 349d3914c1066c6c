/** Stretches of time, named as GetUsage names them: all of a span, those too in which nothing happened. In UTC. */

export type Stretch = "hour" | "day" | "month";

const HOUR = 3_600_000;

/** So that a chart has neither a few bars nor hundreds. */
export function stretchOf(from: Date, to: Date): Stretch {
  const hours = (to.getTime() - from.getTime()) / HOUR;
  if (hours <= 72) return "hour";
  return hours <= 24 * 100 ? "day" : "month";
}

export function nameOf(at: Date, stretch: Stretch): string {
  const text = at.toISOString();
  if (stretch === "hour") return `${text.slice(0, 13)}:00:00Z`;
  return text.slice(0, stretch === "day" ? 10 : 7);
}

export function stretches(from: Date, to: Date, stretch: Stretch): string[] {
  const all: string[] = [];
  for (let at = beginning(from, stretch); at < to; at = next(at, stretch)) all.push(nameOf(at, stretch));
  return all;
}

function beginning(at: Date, stretch: Stretch): Date {
  const [year, month, day] = [at.getUTCFullYear(), at.getUTCMonth(), at.getUTCDate()];
  if (stretch === "month") return new Date(Date.UTC(year, month));
  return new Date(Date.UTC(year, month, day, stretch === "hour" ? at.getUTCHours() : 0));
}

function next(at: Date, stretch: Stretch): Date {
  if (stretch === "month") return new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + 1));
  return new Date(at.getTime() + (stretch === "hour" ? HOUR : 24 * HOUR));
}

/** For an axis: as short as it is clear. */
export function shown(name: string, stretch: Stretch, language: string): string {
  const at = new Date(stretch === "month" ? `${name}-01` : name);
  const parts: Record<Stretch, Intl.DateTimeFormatOptions> = {
    hour: { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" },
    day: { day: "numeric", month: "short" },
    month: { month: "short", year: "numeric" },
  };
  return new Intl.DateTimeFormat(language, { ...parts[stretch], timeZone: "UTC" }).format(at);
}
