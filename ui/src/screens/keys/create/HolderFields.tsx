/** Fields for whom a key is, and what a new user may. */

import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import Select from "@cloudscape-design/components/select";
import { nameOf } from "../../../app/Bar";
import { useSession } from "../../../app/session";
import type { Option } from "../../usage/limits/whom/SubjectFields";
import { CALLER, type HolderForm, NEW, validUser } from "./holder-form";
import type { Kind } from "./making";
import { ScopeFields } from "../reach/ScopeFields";
import { useKeyTexts } from "../texts";
import { useSearchable } from "../../../parts/useSearchable";

interface Shown {
  form: HolderForm;
  kind: Kind;
  users: Option[];
  models: Option[];
  onChange: (changes: Partial<HolderForm>) => void;
}

export function HolderFields({ form, kind, users, models, onChange }: Shown) {
  const texts = useKeyTexts().create;
  const { caller } = useSession();
  const signedIn = nameOf(caller.arn);
  const search = useSearchable(users.length);
  // An API key is a user's; that of root would be a key to everything without a signature.
  const own = kind === "ACCESS_KEY" && /^(root|user\/.+)$/.test(signedIn);
  const made = { value: NEW, label: texts.newUser, description: texts.newUserText };
  const themselves = { value: CALLER, label: texts.caller(signedIn), description: texts.callerText };
  const all = [made, ...(own ? [themselves] : []), ...users.map(({ label }) => ({ value: label, label }))];
  const chosen = all.find(({ value }) => value === form.chosen) ?? { value: form.chosen, label: form.chosen };
  return (
    <>
      <div className="filters">
        <FormField label={texts.holder}>
          <Select
            selectedOption={chosen}
            options={all}
            {...search}
            expandToViewport
            onChange={({ detail }) => onChange({ chosen: detail.selectedOption.value ?? NEW })}
          />
        </FormField>
        {form.chosen === NEW && (
          <FormField label={texts.userName} constraintText={texts.userNameText} errorText={!validUser(form.name) && texts.notAName}>
            <Input value={form.name} onChange={({ detail }) => onChange({ name: detail.value })} />
          </FormField>
        )}
      </div>
      {form.chosen === NEW && <ScopeFields scope={form.scope} chosen={form.models} models={models} onChange={onChange} />}
    </>
  );
}
