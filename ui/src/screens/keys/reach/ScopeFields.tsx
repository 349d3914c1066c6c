/** Fields for what somebody may, in plain words. */

import FormField from "@cloudscape-design/components/form-field";
import Multiselect from "@cloudscape-design/components/multiselect";
import Select from "@cloudscape-design/components/select";
import type { Option } from "../../usage/limits/whom/SubjectFields";
import { SCOPES, type Scope } from "./scopes";
import { useKeyTexts } from "../texts";
import { useSearchable } from "../../../parts/useSearchable";

interface Shown {
  scope: Scope;
  /** Ids of models. */
  chosen: string[];
  models: Option[];
  onChange: (changes: { scope?: Scope; models?: string[] }) => void;
}

export function ScopeFields({ scope, chosen, models, onChange }: Shown) {
  const { create, scopes } = useKeyTexts();
  const search = useSearchable(models.length);
  const options = SCOPES.map((value) => ({ value, label: scopes[value].name, description: scopes[value].text }));
  return (
    <>
      <FormField label={create.may} constraintText={scopes[scope].text}>
        <Select
          selectedOption={options.find(({ value }) => value === scope) ?? null}
          options={options}
          expandToViewport
          onChange={({ detail }) => onChange({ scope: detail.selectedOption.value as Scope })}
        />
      </FormField>
      {scope === "models" && (
        <FormField label={create.models}>
          <Multiselect
            selectedOptions={chosen.map((value) => ({ value }))}
            options={models.map(({ value }) => ({ value }))}
            placeholder={create.chooseModels}
            {...search}
            expandToViewport
            onChange={({ detail }) => onChange({ models: detail.selectedOptions.map(({ value = "" }) => value) })}
          />
        </FormField>
      )}
    </>
  );
}
