/** Sets the price of a model or of all that fit a pattern. */

import Autosuggest from "@cloudscape-design/components/autosuggest";
import ColumnLayout from "@cloudscape-design/components/column-layout";
import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import Select from "@cloudscape-design/components/select";
import { useState } from "react";
import type { ModelPrice } from "../../../api/shapes";
import { useSession } from "../../../app/session";
import { Dialog } from "../../../parts/Dialog";
import { CURRENCIES } from "../limits/BudgetDialog";
import { amountIn } from "../limits/limits";
import type { useWhom } from "../limits/whom/useWhom";
import { useTyped } from "../useTyped";
import { usePriceTexts } from "./texts";

export const PRICES = ["inputPrice", "outputPrice", "cacheReadPrice", "cacheWritePrice", "searchPrice"] as const;

interface Shown {
  price: ModelPrice | null;
  whom: ReturnType<typeof useWhom>;
  onDone: () => void;
  onClose: () => void;
}

export function PriceDialog({ price, whom, onDone, onClose }: Shown) {
  const texts = usePriceTexts();
  const { api } = useSession();
  const [pattern, setPattern] = useState(price?.modelPattern ?? "");
  const [chosen, setCurrency] = useState(price?.currency ?? null);
  const [typed, type] = useTyped(PRICES, price);
  const currencies = [...new Set([...(price ? [price.currency] : []), ...whom.currencies, ...CURRENCIES])];
  const currency = chosen ?? currencies[0] ?? "EUR";
  const amounts = PRICES.map((name) => [name, typed[name] === "" ? undefined : amountIn(typed[name])] as const);
  const given = amounts.filter(([, amount]) => typeof amount === "string");
  const fits = /^[a-zA-Z0-9:._*?[\]!-]{1,256}$/.test(pattern);

  const input = { modelPattern: pattern, currency, ...Object.fromEntries(given.map(([name, amount]) => [name, Number(amount)])) };

  async function put(): Promise<void> {
    await api.craton("PutModelPrice", input);
    onDone();
  }

  return (
    <Dialog
      title={price ? texts.edit : texts.create}
      action={texts.save}
      disabled={!fits || given.length === 0 || amounts.some(([, amount]) => amount === null)}
      calls={[{ service: "craton", operation: "PutModelPrice", input }]}
      onAction={put}
      onClose={onClose}
    >
      <FormField label={texts.pattern} constraintText={texts.patternText} errorText={pattern && !fits && texts.notAPattern}>
        <Autosuggest value={pattern} options={whom.models} disabled={price !== null} expandToViewport onChange={({ detail }) => setPattern(detail.value)} />
      </FormField>
      <ColumnLayout columns={2}>
        {amounts.map(([name, amount]) => (
          <FormField
            key={name}
            label={texts[name]}
            constraintText={name === "searchPrice" ? texts.unit.searches : texts.unit.tokens}
            errorText={amount === null && texts.notAnAmount}
          >
            <Input value={typed[name]} inputMode="decimal" onChange={({ detail }) => type(name, detail.value)} />
          </FormField>
        ))}
        <FormField label={texts.currency}>
          <Select
            selectedOption={{ value: currency }}
            options={currencies.map((value) => ({ value }))}
            onChange={({ detail }) => setCurrency(detail.selectedOption.value ?? null)}
          />
        </FormField>
      </ColumnLayout>
    </Dialog>
  );
}
