/** When a request began, as short as can be: today's without the day. */

import { usePreferences } from "../../app/preferences";

export interface Times {
  short: (at: Date) => string;
}

const FORMATS = { en: times("en"), de: times("de") };

function times(language: string): Times {
  const today = new Intl.DateTimeFormat(language, { timeStyle: "medium" });
  const earlier = new Intl.DateTimeFormat(language, { month: "short", day: "numeric", hour: "2-digit", minute: "2-digit" });
  return { short: (at) => (at.toDateString() === new Date().toDateString() ? today : earlier).format(at) };
}

export function useTimes(): Times {
  return FORMATS[usePreferences().language];
}
