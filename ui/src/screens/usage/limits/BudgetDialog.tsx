/** Makes a budget, or changes all of one. */

import ColumnLayout from "@cloudscape-design/components/column-layout";
import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import Select from "@cloudscape-design/components/select";
import { useState } from "react";
import { useSession } from "../../../app/session";
import { Dialog } from "../../../parts/Dialog";
import { amountIn, type Budget, percentsIn, validName } from "./limits";
import { SubjectFields } from "./whom/SubjectFields";
import { useLimitTexts } from "./texts";
import type { useWhom } from "./whom/useWhom";
import { ANYBODY, limited, whomOf } from "./whom/whom";

/** Where nothing is priced yet, any will do. */
export const CURRENCIES = ["EUR", "USD", "GBP", "CHF"];

interface Shown {
  budget: Budget | null;
  whom: ReturnType<typeof useWhom>;
  onDone: () => void;
  onClose: () => void;
}

export function BudgetDialog({ budget, whom, onDone, onClose }: Shown) {
  const texts = useLimitTexts();
  const { budgets } = texts;
  const { api } = useSession();
  const [name, setName] = useState(budget?.budgetName ?? "");
  const [amount, setAmount] = useState(budget?.amount ?? "");
  const [chosen, setCurrency] = useState(budget?.currency ?? null);
  const [thresholds, setThresholds] = useState(budget?.thresholds?.join(", ") ?? "");
  const [about, setAbout] = useState(budget ? whomOf(budget) : ANYBODY);
  const currencies = [...new Set([...(budget ? [budget.currency] : []), ...(whom.currencies.length > 0 ? whom.currencies : CURRENCIES)])];
  const currency = chosen ?? currencies[0] ?? "EUR";
  const [parsed, percents] = [amountIn(amount), percentsIn(thresholds)];

  const input = {
    budgetName: name,
    amount: parsed ?? "",
    currency,
    ...(percents && percents.length > 0 && { thresholds: percents }),
    ...limited(about),
  };

  async function put(): Promise<void> {
    await api.craton("PutBudget", input);
    onDone();
  }

  return (
    <Dialog
      title={budget ? budgets.edit : budgets.create}
      action={budget ? texts.save : budgets.create}
      size="large"
      disabled={!validName(name) || parsed === null || percents === null}
      calls={[{ service: "craton", operation: "PutBudget", input }]}
      onAction={put}
      onClose={onClose}
    >
      <FormField label={texts.name} constraintText={texts.nameText} errorText={name && !validName(name) && texts.notAName}>
        <Input value={name} disabled={budget !== null} autoFocus onChange={({ detail }) => setName(detail.value)} />
      </FormField>
      <ColumnLayout columns={3}>
        <FormField label={budgets.amount} errorText={amount && parsed === null && texts.notAnAmount}>
          <Input value={amount} inputMode="decimal" onChange={({ detail }) => setAmount(detail.value)} />
        </FormField>
        <FormField label={budgets.currency} constraintText={budgets.currencyText}>
          <Select
            selectedOption={{ value: currency }}
            options={currencies.map((value) => ({ value }))}
            onChange={({ detail }) => setCurrency(detail.selectedOption.value ?? null)}
          />
        </FormField>
        <FormField label={budgets.thresholds} constraintText={budgets.thresholdsText} errorText={percents === null && texts.notPercents}>
          <Input value={thresholds} placeholder="50, 80" onChange={({ detail }) => setThresholds(detail.value)} />
        </FormField>
      </ColumnLayout>
      <SubjectFields value={about} onChange={setAbout} whom={whom} />
    </Dialog>
  );
}
