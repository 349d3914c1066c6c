/** How long a session may last, as it is typed. */

/** Seconds; null where it is no number of hours from 1 to 12. */
export function hoursIn(text: string): number | null {
  const plain = text.trim().replace(",", ".");
  if (!/^\d{1,2}(\.\d+)?$/.test(plain)) return null;
  const seconds = Math.round(Number(plain) * 3600);
  return seconds >= 3600 && seconds <= 12 * 3600 ? seconds : null;
}
