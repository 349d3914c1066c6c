/** Fields for when a key ends. */

import DatePicker from "@cloudscape-design/components/date-picker";
import FormField from "@cloudscape-design/components/form-field";
import Select from "@cloudscape-design/components/select";
import { EXPIRIES, type Expiry } from "./expiry";
import { type KeyTexts, useKeyTexts } from "../texts";

interface Shown {
  expiry: Expiry;
  date: string;
  wrong: boolean;
  onExpiry: (expiry: Expiry) => void;
  onDate: (date: string) => void;
}

export function Ends({ expiry, date, wrong, onExpiry, onDate }: Shown) {
  const texts = useKeyTexts().create;
  return (
    <div className="filters">
      <FormField label={texts.expires}>
        <Select
          selectedOption={{ value: expiry, label: named(expiry, texts) }}
          options={EXPIRIES.map((value) => ({ value, label: named(value, texts) }))}
          expandToViewport
          onChange={({ detail }) => onExpiry(detail.selectedOption.value as Expiry)}
        />
      </FormField>
      {expiry === "date" && (
        <FormField label={texts.date} errorText={date && wrong && texts.notADate}>
          <DatePicker value={date} placeholder="YYYY-MM-DD" expandToViewport onChange={({ detail }) => onDate(detail.value)} />
        </FormField>
      )}
    </div>
  );
}

function named(expiry: Expiry, { expiry: names }: KeyTexts["create"]): string {
  if (expiry === "never" || expiry === "date") return names[expiry];
  if (expiry === "1") return names.day;
  return expiry === "365" ? names.year : names.days(Number(expiry));
}
