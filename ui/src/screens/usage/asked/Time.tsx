/** What a report is about: the time, and the filters. Kept in the address. */

import DateRangePicker, { type DateRangePickerProps } from "@cloudscape-design/components/date-range-picker";
import FormField from "@cloudscape-design/components/form-field";
import { useHash } from "../../../app/address";
import { type Span, UNITS, written } from "./asked";
import { useUsageTexts } from "../texts";

const USUAL: { amount: number; unit: keyof typeof UNITS }[] = [
  { amount: 24, unit: "h" },
  { amount: 7, unit: "d" },
  { amount: 30, unit: "d" },
  { amount: 12, unit: "m" },
];
/** Ranges that a person names, in milliseconds at most. */
const LONGEST = 10 * 366 * 86_400_000;

export function Time({ span }: { span: Span }) {
  const { time } = useUsageTexts();
  const [, change] = useHash();
  return (
    <FormField label={time.label}>
      <DateRangePicker
        value={valueOf(span)}
        relativeOptions={USUAL.map(({ amount, unit }) => ({ key: `${amount}${unit}`, type: "relative", amount, unit: UNITS[unit] }))}
        isValidRange={(value) => (valid(value) ? { valid: true } : { valid: false, errorMessage: time.invalid })}
        ariaLabel={time.label}
        placeholder={time.label}
        showClearButton={false}
        expandToViewport
        onChange={({ detail: { value } }) => {
          const chosen = spanOf(value);
          if (chosen) change(written(chosen));
        }}
      />
    </FormField>
  );
}

function valueOf(span: Span): DateRangePickerProps.Value {
  if ("last" in span) return { type: "relative", amount: span.last, unit: UNITS[span.unit], key: `${span.last}${span.unit}` };
  return { type: "absolute", startDate: span.from.toISOString(), endDate: span.to.toISOString() };
}

function spanOf(value: DateRangePickerProps.Value | null): Span | null {
  if (value?.type === "relative") return { last: value.amount, unit: letterOf(value.unit) };
  return value ? { from: new Date(value.startDate), to: new Date(value.endDate) } : null;
}

function valid(value: DateRangePickerProps.Value | null): boolean {
  if (value?.type === "relative") return Number.isInteger(value.amount) && value.amount > 0 && value.amount < 10_000;
  if (!value?.startDate || !value.endDate) return false;
  const length = Date.parse(value.endDate) - Date.parse(value.startDate);
  return length > 0 && length < LONGEST;
}

function letterOf(unit: string): keyof typeof UNITS {
  const found = Object.entries(UNITS).find(([, name]) => name === unit);
  return (found?.[0] ?? "d") as keyof typeof UNITS;
}
