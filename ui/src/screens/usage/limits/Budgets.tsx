/** Budgets: how they stand, made, changed in place, and deleted. */

import { useCallback } from "react";
import type { Call } from "../../../api/call";
import { useCall } from "../../../api/polling";
import { useSession } from "../../../app/session";
import { useFormats } from "../../../texts/texts";
import { useAmounts } from "../../../parts/amounts";
import { useNames } from "../../../parts/names";
import { BudgetDialog } from "./BudgetDialog";
import { aboutColumn, editableColumn, nameColumn } from "./cells";
import { amountIn, type Budget, budgetWith, percentsIn, readBudgets } from "./limits";
import { Listing } from "./Listing";
import { Spent } from "./Spent";
import { useLimitTexts } from "./texts";
import { useWhom } from "./whom/useWhom";

export function Budgets() {
  const texts = useLimitTexts();
  const formats = useFormats();
  const { money } = useAmounts();
  const names = useNames();
  const whom = useWhom();
  const { api, caller } = useSession();
  const asked = useCall(useCallback((signal: AbortSignal) => readBudgets(api, signal), [api]));
  const mine = (budget: Budget) => budget.setBy === "ACCOUNT" || whom.operator;
  const locked = (budget: Budget) => (mine(budget) ? undefined : texts.notYours);
  return (
    <Listing<Budget>
      texts={texts.budgets}
      asked={asked}
      calls={callsOf(asked.answer?.[0])}
      nameOf={({ budgetName }) => budgetName}
      keyOf={({ budgetName, setBy }) => `${setBy} ${budgetName}`}
      creates
      mine={mine}
      onCell={async (budget, column, typed) => {
        const changes = column === "amount" ? { amount: amountIn(typed) ?? budget.amount } : { thresholds: percentsIn(typed) ?? [] };
        await api.craton("PutBudget", budgetWith(budget, changes));
      }}
      deletes={({ budgetName }) => ({ service: "craton", operation: "DeleteBudget", input: { budgetName } })}
      onDelete={async ({ budgetName }) => void (await api.craton("DeleteBudget", { budgetName }))}
      form={(budget, onDone, onClose) => <BudgetDialog budget={budget} whom={whom} onDone={onDone} onClose={onClose} />}
      columns={[
        nameColumn<Budget>(texts, ({ budgetName }) => budgetName),
        aboutColumn(texts, names, caller.account),
        { id: "spent", header: texts.budgets.spent, minWidth: 250, cell: (budget) => <Spent budget={budget} names={names} /> },
        editableColumn<Budget>({
          id: "amount",
          header: texts.budgets.amount,
          shown: ({ amount, currency }) => money(Number(amount), currency),
          text: ({ amount }) => amount,
          wrong: (_, typed) => (amountIn(typed) === null ? texts.notAnAmount : undefined),
          locked,
        }),
        editableColumn<Budget>({
          id: "thresholds",
          header: texts.budgets.thresholds,
          hint: texts.budgets.thresholdsText,
          shown: ({ thresholds }) => thresholds?.map((percent) => `${formats.number(percent, 1)} %`).join(", ") ?? texts.unlimited,
          text: ({ thresholds }) => thresholds?.join(", ") ?? "",
          wrong: (_, typed) => (percentsIn(typed) === null ? texts.notPercents : undefined),
          locked,
        }),
      ]}
    />
  );
}

function callsOf(first: Budget | undefined): Call[] {
  const one = first && { budgetName: first.budgetName, setBy: first.setBy };
  return [
    { service: "craton", operation: "ListBudgets", input: { maxResults: 1000 } },
    ...(one ? [{ service: "craton" as const, operation: "GetBudget", input: one }] : []),
  ];
}
