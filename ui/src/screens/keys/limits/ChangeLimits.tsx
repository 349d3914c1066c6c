/** Changes the limits of a key that is in use. */

import { useState } from "react";
import { useSession } from "../../../app/session";
import { ApiCall } from "../../../parts/ApiCall";
import { Dialog } from "../../../parts/Dialog";
import { CURRENCIES } from "../../usage/limits/BudgetDialog";
import type { useWhom } from "../../usage/limits/whom/useWhom";
import { changes } from "./changes";
import type { Key } from "../keys";
import { LimitFields } from "./LimitFields";
import { limitForm, typedOf } from "./limit-form";
import { send } from "../create/making";
import { useKeyTexts } from "../texts";

interface Shown {
  of: Key;
  whom: ReturnType<typeof useWhom>;
  onDone: () => void;
  onClose: () => void;
}

export function ChangeLimits({ of: key, whom, onDone, onClose }: Shown) {
  const texts = useKeyTexts();
  const { api } = useSession();
  const [typed, setTyped] = useState(() => typedOf(key.limits ?? { quotas: [], budgets: [] }));
  const currencies = [...new Set([...(typed.currency ? [typed.currency] : []), ...(whom.currencies.length > 0 ? whom.currencies : CURRENCIES)])];
  const form = limitForm(typed, currencies);
  const calls = changes(key, form.limits);
  return (
    <Dialog
      title={texts.one.change}
      action={texts.save}
      size="large"
      disabled={form.wrong.length > 0 || calls.length === 0}
      onClose={onClose}
      onAction={async () => {
        for (const call of calls) await send(api, call);
        onDone();
      }}
    >
      <LimitFields form={form} currencies={currencies} onChange={(changes) => setTyped({ ...typed, ...changes })} />
      <ApiCall variant="inline-link" calls={calls} />
    </Dialog>
  );
}
