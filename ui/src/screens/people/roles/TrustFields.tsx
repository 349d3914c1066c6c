/** Whom a role trusts, in a form or as its document. */

import Checkbox from "@cloudscape-design/components/checkbox";
import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import SegmentedControl from "@cloudscape-design/components/segmented-control";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Textarea from "@cloudscape-design/components/textarea";
import { useState } from "react";
import { indented } from "../Document";
import { usePolicyTexts } from "../policies/texts";
import { useRoleTexts } from "./texts";
import { documentOf, type Mistake, mistakesIn, OWN_ACCOUNT, type Trust, trustIn } from "./trust";

const ROWS = 14;

interface Shown {
  /** The account of the role. */
  owner: string;
  document: string;
  /** None where the form says nothing that could be sent. */
  onChange: (document: string | null) => void;
}

export function TrustFields({ owner, document, onChange }: Shown) {
  const own = useRoleTexts();
  const { documentText } = usePolicyTexts();
  const read = trustIn(document, owner);
  const [form, setForm] = useState<"form" | "json">(read ? "form" : "json");
  const [trust, setTrust] = useState<Trust>(read ?? OWN_ACCOUNT);
  const [text, setText] = useState(() => indented(document));

  return (
    <SpaceBetween size="m">
      <SegmentedControl
        label={own.form}
        selectedId={form}
        options={[
          { id: "form", text: own.asForm, disabled: read === null },
          { id: "json", text: own.asJson },
        ]}
        onChange={({ detail }) => {
          setForm(detail.selectedId === "json" ? "json" : "form");
          setText(indented(document));
          if (read) setTrust(read);
          onChange(document);
        }}
      />
      {form === "form" ? (
        <Fields
          trust={trust}
          onChange={(changed) => {
            setTrust(changed);
            onChange(mistakesIn(changed).length > 0 ? null : documentOf(changed, owner));
          }}
        />
      ) : (
        <FormField label={own.see} description={documentText} constraintText={read === null && own.jsonOnly} stretch>
          <Textarea
            value={text}
            rows={ROWS}
            spellcheck={false}
            onChange={({ detail }) => {
              setText(detail.value);
              onChange(detail.value.trim() ? detail.value : null);
            }}
          />
        </FormField>
      )}
    </SpaceBetween>
  );
}

function Fields({ trust, onChange }: { trust: Trust; onChange: (trust: Trust) => void }) {
  const own = useRoleTexts();
  const mistakes = mistakesIn(trust);
  const told = (...names: Mistake[]) => names.filter((name) => mistakes.includes(name)).map((name) => own.mistakes[name])[0];
  return (
    <SpaceBetween size="l">
      <FormField label={own.whom} errorText={told("nobody")} stretch>
        <Checkbox checked={trust.account} description={own.accountText} onChange={({ detail }) => onChange({ ...trust, account: detail.checked })}>
          {own.account}
        </Checkbox>
      </FormField>
      <FormField label={own.names} description={own.namesText} errorText={told("name")} stretch>
        <Textarea
          value={trust.names}
          rows={3}
          spellcheck={false}
          placeholder="arn:aws:iam::111122223333:user/ada"
          onChange={({ detail }) => onChange({ ...trust, names: detail.value })}
        />
      </FormField>
      <FormField label={own.externalId} description={own.externalIdText} errorText={told("externalId")}>
        <Input value={trust.externalId} spellcheck={false} onChange={({ detail }) => onChange({ ...trust, externalId: detail.value })} />
      </FormField>
      <Checkbox checked={trust.tagging} onChange={({ detail }) => onChange({ ...trust, tagging: detail.checked })}>
        {own.tagging}
      </Checkbox>
    </SpaceBetween>
  );
}
