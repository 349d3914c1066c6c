/** Makes a key: with a click where what is proposed is right. */

import ExpandableSection from "@cloudscape-design/components/expandable-section";
import FormField from "@cloudscape-design/components/form-field";
import Tiles from "@cloudscape-design/components/tiles";
import { useState } from "react";
import { useSession } from "../../../app/session";
import { ApiCall } from "../../../parts/ApiCall";
import { Dialog } from "../../../parts/Dialog";
import { CURRENCIES } from "../../usage/limits/BudgetDialog";
import type { useWhom } from "../../usage/limits/whom/useWhom";
import { Ends } from "./Ends";
import { type Expiry, endOf } from "./expiry";
import { HolderFields } from "./HolderFields";
import { type HolderForm, holderIn, proposed } from "./holder-form";
import { LimitFields } from "../limits/LimitFields";
import { limitForm, NOTHING_TYPED } from "../limits/limit-form";
import { callsFor, type Kind, type Made, make } from "./making";
import { useKeyTexts } from "../texts";

interface Shown {
  whom: ReturnType<typeof useWhom>;
  /** Whose it is to be; else a new user is proposed. */
  user?: string;
  onMade: (made: Made) => void;
  onClose: () => void;
}

export function CreateKey({ whom, user, onMade, onClose }: Shown) {
  const texts = useKeyTexts();
  const { create } = texts;
  const { api } = useSession();
  const [kind, setKind] = useState<Kind>("API_KEY");
  const [chosen, setChosen] = useState<Partial<HolderForm>>(user ? { chosen: user } : {});
  const [expiry, setExpiry] = useState<Expiry>("90");
  const [date, setDate] = useState("");
  const [typed, setTyped] = useState(NOTHING_TYPED);
  const currencies = whom.currencies.length > 0 ? whom.currencies : CURRENCIES;
  const form = limitForm(typed, currencies);
  const holder = { ...proposed(whom.principals.map(({ label }) => label), new Date()), ...chosen };
  const meant = holderIn(holder, kind);
  const expiresAt = endOf(expiry, date, new Date());
  const wish = meant && expiresAt !== undefined && form.wrong.length === 0 ? { kind, holder: meant, expiresAt, limits: form.limits } : null;
  return (
    <Dialog
      title={create.title}
      action={create.name}
      size="large"
      disabled={!wish}
      onClose={onClose}
      onAction={async () => {
        if (wish) onMade(await make(api, wish));
      }}
    >
      <FormField label={create.kind} stretch>
        <Tiles
          value={kind}
          columns={2}
          ariaLabel={create.kind}
          items={[
            { value: "API_KEY", label: create.apiKey.name, description: create.apiKey.text },
            { value: "ACCESS_KEY", label: create.accessKey.name, description: create.accessKey.text },
          ]}
          onChange={({ detail }) => setKind(detail.value as Kind)}
        />
      </FormField>
      <HolderFields form={holder} kind={kind} users={whom.principals} models={whom.models} onChange={(changes) => setChosen({ ...chosen, ...changes })} />
      <Ends expiry={expiry} date={date} wrong={expiresAt === undefined} onExpiry={setExpiry} onDate={setDate} />
      <ExpandableSection headerText={create.limits} headerDescription={create.limitsText} defaultExpanded>
        <LimitFields form={form} currencies={currencies} onChange={(changes) => setTyped({ ...typed, ...changes })} />
      </ExpandableSection>
      <ApiCall calls={wish ? callsFor(wish) : []} variant="inline-link" text={create.call} />
    </Dialog>
  );
}
