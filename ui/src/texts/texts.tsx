/** Which language the console speaks: its own texts, those of the components, numbers and dates. */

import { I18nProvider, type I18nProviderProps } from "@cloudscape-design/components/i18n";
import { createContext, type ReactNode, use, useContext, useMemo } from "react";
import { de } from "./de";
import { en, type Texts } from "./en";

export const LANGUAGES = { en: "English", de: "Deutsch" };
export type Language = keyof typeof LANGUAGES;

const TEXTS: Record<Language, Texts> = { en, de };

type Messages = { default: I18nProviderProps.Messages };
/** Those of the components come when they are needed. */
const MESSAGES: Record<Language, () => Promise<Messages>> = {
  en: () => import("@cloudscape-design/components/i18n/messages/all.en"),
  de: () => import("@cloudscape-design/components/i18n/messages/all.de"),
};
const fetched = new Map<Language, Promise<Messages>>();
/** Then the components speak English. */
const NO_MESSAGES: Messages = { default: {} };

function messagesOf(language: Language): Promise<Messages> {
  const known = fetched.get(language) ?? MESSAGES[language]().catch(() => NO_MESSAGES);
  fetched.set(language, known);
  return known;
}

/** What the browser's user reads, of what there is. */
export function preferred(): Language {
  const first = navigator.languages.map((tag) => tag.slice(0, 2)).find((tag) => tag in LANGUAGES);
  return (first as Language | undefined) ?? "en";
}

interface Spoken {
  language: Language;
  texts: Texts;
}

const Speaking = createContext<Spoken>({ language: "en", texts: en });

export function Spoken({ language, children }: { language: Language; children: ReactNode }) {
  const messages = use(messagesOf(language));
  const spoken = useMemo(() => ({ language, texts: TEXTS[language] }), [language]);
  return (
    <I18nProvider locale={language} messages={[messages.default]}>
      <Speaking value={spoken}>{children}</Speaking>
    </I18nProvider>
  );
}

export function useTexts(): Texts {
  return useContext(Speaking).texts;
}

/** The texts of one screen, which come with it. */
export function textsOf<Own>(own: { en: Own; de: NoInfer<Own> }): () => Own {
  return () => own[useContext(Speaking).language];
}

export function useFormats(): Formats {
  const { language } = useContext(Speaking);
  return FORMATS[language];
}

export interface Formats {
  number: (value: number, digits?: number) => string;
  /** Of milliseconds, in the unit that reads best. */
  duration: (milliseconds: number) => string;
  bytes: (bytes: number) => string;
  time: (at: Date) => string;
  /** Without seconds, for what nobody waited for. */
  minute: (at: Date) => string;
}

/** "AM" stays with its hour. */
const HALF = / (?=[AP]M$)/;

const FORMATS: Record<Language, Formats> = { en: formats("en"), de: formats("de") };

function formats(language: Language): Formats {
  const times = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "medium" });
  const minutes = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short" });
  const numbers = kept((options: Intl.NumberFormatOptions) => new Intl.NumberFormat(language, options));
  const measured = (value: number, unit: string, digits: number) => numbers({ style: "unit", unit, maximumFractionDigits: digits }).format(value);
  return {
    number: (value, digits = 0) => numbers({ maximumFractionDigits: digits }).format(value),
    duration: (ms) => durationIn(ms, measured),
    bytes: (bytes) => {
      const [size, unit] = [[1e9, "gigabyte"], [1e6, "megabyte"], [1e3, "kilobyte"]].find(([least]) => bytes >= (least as number)) ?? [1, "byte"];
      const scaled = bytes / (size as number);
      // Of single bytes Intl has no short plural.
      if (unit === "byte") return numbers({ style: "unit", unit, unitDisplay: "long" }).format(bytes);
      return measured(scaled, unit as string, scaled < 10 ? 1 : 0);
    },
    time: (at) => times.format(at).replace(HALF, "\u00a0"),
    minute: (at) => minutes.format(at).replace(HALF, "\u00a0"),
  };
}

/** From two minutes on nobody counts seconds. */
export function durationIn(ms: number, measured: (value: number, unit: string, digits: number) => string): string {
  if (ms < 1000) return measured(ms, "millisecond", 0);
  if (ms < 120_000) return measured(ms / 1000, "second", ms < 100_000 ? 1 : 0);
  if (ms < 7_200_000) return measured(ms / 60_000, "minute", 1);
  return measured(ms / 3_600_000, "hour", 1);
}

/** Made once for the same options: that takes much longer than to use it. */
export function kept<Options, Made>(make: (options: Options) => Made): (options: Options) => Made {
  const all = new Map<string, Made>();
  return (options) => {
    const name = JSON.stringify(options);
    const known = all.get(name) ?? make(options);
    all.set(name, known);
    return known;
  };
}
