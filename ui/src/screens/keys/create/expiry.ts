/** When a key ends, as a form has it. */

export const EXPIRIES = ["never", "1", "7", "30", "90", "365", "date"] as const;
export type Expiry = (typeof EXPIRIES)[number];

const DAY = 86_400_000;

/** None: never. Of a day that is none, or over, undefined. */
export function endOf(expiry: Expiry, date: string, now: Date): Date | null | undefined {
  if (expiry === "never") return null;
  if (expiry !== "date") return new Date(now.getTime() + Number(expiry) * DAY);
  // The key holds for all of that day, where the person is.
  const end = new Date(`${date}T23:59:59`);
  return end > now ? end : undefined;
}
