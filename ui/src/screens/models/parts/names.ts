/** How models are told of in the person's language. */

import { useMemo } from "react";
import { usePreferences } from "../../../app/preferences";
import type { ModelsTexts } from "../texts";

export function modalities(names: string[], texts: ModelsTexts): string {
  return names.map((name) => (texts.modalities as Record<string, string>)[name] ?? name).join(", ") || "–";
}

export interface Names {
  /** Of "de" "German", or "Deutsch". A code that nobody knows stays as it is. */
  language: (code: string) => string;
  /** Of 0.5 "50 %". */
  share: (share: number) => string;
  /** Of 1500000000 "1.5 billion". */
  many: (count: number) => string;
}

export function useNames(): Names {
  const { language } = usePreferences();
  return useMemo(() => {
    const languages = new Intl.DisplayNames([language], { type: "language" });
    const shares = new Intl.NumberFormat(language, { style: "percent" });
    const counts = new Intl.NumberFormat(language, { notation: "compact", compactDisplay: "long", maximumSignificantDigits: 3 });
    return { language: (code) => nameOf(languages, code), share: (share) => shares.format(share), many: (count) => counts.format(count) };
  }, [language]);
}

function nameOf(languages: Intl.DisplayNames, code: string): string {
  try {
    return languages.of(code) ?? code;
  } catch {
    return code; // no code of a language at all
  }
}
