/** Fields for the limits of one key. */

import ColumnLayout from "@cloudscape-design/components/column-layout";
import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import Select from "@cloudscape-design/components/select";
import { useLimitTexts } from "../../usage/limits/texts";
import { COUNTED, type LimitForm, type Typed } from "./limit-form";
import { useKeyTexts } from "../texts";

interface Shown {
  form: LimitForm;
  currencies: string[];
  onChange: (changes: Partial<Typed>) => void;
}

export function LimitFields({ form: { typed, wrong }, currencies, onChange }: Shown) {
  const texts = useKeyTexts().create;
  const limits = useLimitTexts();
  return (
    <ColumnLayout columns={2}>
      {COUNTED.map((name) => (
        <FormField key={name} label={limits.quotas[name]} errorText={wrong.includes(name) && limits.notANumber}>
          <Input value={typed[name]} inputMode="numeric" onChange={({ detail }) => onChange({ [name]: detail.value })} />
        </FormField>
      ))}
      <FormField label={texts.budget} errorText={wrong.includes("amount") && limits.notAnAmount}>
        <Input value={typed.amount} inputMode="decimal" onChange={({ detail }) => onChange({ amount: detail.value })} />
      </FormField>
      <FormField label={texts.currency}>
        <Select
          selectedOption={{ value: typed.currency || currencies[0] || "" }}
          options={currencies.map((value) => ({ value }))}
          expandToViewport
          onChange={({ detail }) => onChange({ currency: detail.selectedOption.value ?? "" })}
        />
      </FormField>
    </ColumnLayout>
  );
}
