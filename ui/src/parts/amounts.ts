/** Amounts of what was used, in the language and the unit that read best. */

import { useMemo } from "react";
import { usePreferences } from "../app/preferences";
import { type Formats, useFormats } from "../texts/texts";
import type { Measure } from "../screens/usage/asked/asked";

export interface Amounts {
  money: (amount: number, currency: string) => string;
  /** 12.3M rather than 12345678. */
  short: (value: number) => string;
  energy: (kwh: number) => string;
  of: (value: number, measure: Measure, currency: string) => string;
  /** On an axis, where there is little room. */
  tick: (value: number, measure: Measure, currency: string) => string;
}

export function useAmounts(): Amounts {
  const formats = useFormats();
  const { language } = usePreferences();
  return useMemo(() => amountsIn(language, formats), [language, formats]);
}

export function amountsIn(language: string, formats: Formats): Amounts {
  const compact = new Intl.NumberFormat(language, { notation: "compact", maximumFractionDigits: 1 });
  const short = (value: number) => compact.format(value);
  const money = (amount: number, currency: string) => moneyIn(language, amount, currency);
  const energy = (kwh: number) => {
    if (kwh === 0 || kwh >= 1) return `${formats.number(kwh, 2)} kWh`;
    return kwh >= 0.001 ? `${formats.number(kwh * 1000, 1)} Wh` : `${formats.number(kwh * 1_000_000, 1)} mWh`;
  };
  const of = (value: number, measure: Measure, currency: string) => {
    if (measure === "cost") return money(value, currency);
    if (measure === "latency") return formats.duration(value);
    return measure === "energy" ? energy(value) : formats.number(value);
  };
  const counts: Measure[] = ["tokens", "invocations", "errors"];
  const tick = (value: number, measure: Measure, currency: string) =>
    counts.includes(measure) ? short(value) : of(value, measure, currency);
  return { money, short, energy, of, tick };
}

/** Small amounts keep two digits that say something: 0.00042 is not 0.00. */
function moneyIn(language: string, amount: number, currency: string): string {
  const size = Math.abs(amount);
  const digits = size === 0 || size >= 0.1 ? 2 : Math.min(9, 1 - Math.floor(Math.log10(size)));
  return new Intl.NumberFormat(language, {
    style: "currency",
    currency: currency || "XXX",
    minimumFractionDigits: 2,
    maximumFractionDigits: digits,
  }).format(amount);
}
