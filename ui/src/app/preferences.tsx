/** How a person likes the console: language and appearance. The browser keeps both; neither is a secret. */

import { applyMode, Mode } from "@cloudscape-design/global-styles";
import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from "react";
import { type Language, LANGUAGES, preferred } from "../texts/texts";

export const APPEARANCES = ["system", "light", "dark"] as const;
export type Appearance = (typeof APPEARANCES)[number];

interface Preferences {
  language: Language;
  appearance: Appearance;
  setLanguage: (language: Language) => void;
  setAppearance: (appearance: Appearance) => void;
}

const Preferred = createContext<Preferences | null>(null);

export function usePreferences(): Preferences {
  const preferences = useContext(Preferred);
  if (!preferences) throw new Error("outside Preferences");
  return preferences;
}

const darkSystem = matchMedia("(prefers-color-scheme: dark)");

function apply(appearance: Appearance): void {
  const dark = appearance === "dark" || (appearance === "system" && darkSystem.matches);
  applyMode(dark ? Mode.Dark : Mode.Light);
  document.documentElement.style.colorScheme = dark ? "dark" : "light";
}

export function Preferences({ children }: { children: ReactNode }) {
  const [language, setLanguage] = useKept<Language>("language", Object.keys(LANGUAGES) as Language[], preferred());
  const [appearance, setAppearance] = useKept<Appearance>("appearance", APPEARANCES, "system");

  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);

  useEffect(() => {
    const applied = () => apply(appearance);
    applied();
    darkSystem.addEventListener("change", applied);
    return () => darkSystem.removeEventListener("change", applied);
  }, [appearance]);

  const preferences = useMemo(
    () => ({ language, appearance, setLanguage, setAppearance }),
    [language, appearance, setLanguage, setAppearance],
  );
  return <Preferred value={preferences}>{children}</Preferred>;
}

function useKept<Choice extends string>(name: string, choices: readonly Choice[], first: Choice) {
  const place = `craton.${name}`;
  const [value, setValue] = useState<Choice>(() => choices.find((choice) => choice === kept(place)) ?? first);
  const keep = useMemo(
    () => (choice: Choice) => {
      setValue(choice);
      try {
        localStorage.setItem(place, choice);
      } catch {
        // then it holds until the page is left
      }
    },
    [place],
  );
  return [value, keep] as const;
}

function kept(place: string): string | null {
  try {
    return localStorage.getItem(place);
  } catch {
    return null;
  }
}
