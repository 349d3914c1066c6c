/** Whom a limit is about, as a form has it: one tag, and empty texts for what is left open. */

import type { LimitSubject } from "../../../../api/shapes";

export const PARTS = ["KEY", "PRINCIPAL", "MODEL", "PROFILE", "ACCOUNT"] as const;
export type Part = (typeof PARTS)[number];

export interface Whom {
  subject: LimitSubject;
  /** The first of its tags; the others are kept as they are. */
  tag: { key: string; value: string };
  apart: Part[];
}

export const ANYBODY: Whom = { subject: {}, tag: { key: "", value: "" }, apart: [] };

export function whomOf({ appliesTo, countedPer }: { appliesTo: LimitSubject; countedPer?: Part[] }): Whom {
  return { subject: appliesTo, tag: appliesTo.tags?.[0] ?? { key: "", value: "" }, apart: countedPer ?? [] };
}

/** As the operations want it. */
export function limited({ subject, tag, apart }: Whom): { appliesTo?: LimitSubject; countedPer?: Part[] } {
  const tags = [...(tag.key ? [tag] : []), ...(subject.tags ?? []).slice(1)];
  const named = Object.entries({ ...subject, tags: tags.length > 0 ? tags : undefined }).filter(([, value]) => value !== undefined && value !== "");
  return {
    ...(named.length > 0 && { appliesTo: Object.fromEntries(named) as LimitSubject }),
    ...(apart.length > 0 && { countedPer: apart }),
  };
}
