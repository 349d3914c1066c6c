/** Fields for whom a budget or a quota is about. */

import Autosuggest from "@cloudscape-design/components/autosuggest";
import ColumnLayout from "@cloudscape-design/components/column-layout";
import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import Multiselect from "@cloudscape-design/components/multiselect";
import Select from "@cloudscape-design/components/select";
import type { LimitSubject } from "../../../../api/shapes";
import { PARTS, type Part, type Whom } from "./whom";
import { useLimitTexts } from "../texts";
import { useSearchable } from "../../../../parts/useSearchable";

interface Shown {
  value: Whom;
  onChange: (value: Whom) => void;
  whom: { accounts: Option[]; keys: Option[]; principals: Option[]; models: Option[] };
}

export interface Option {
  value: string;
  label: string;
}

export function SubjectFields({ value, onChange, whom }: Shown) {
  const texts = useLimitTexts();
  const set = (changes: Partial<LimitSubject>) => onChange({ ...value, subject: { ...value.subject, ...changes } });
  const { subject, tag } = value;
  const search = useSearchable(whom.keys.length);
  const any = { value: "", label: texts.any };
  return (
    <FormField label={texts.about} description={texts.aboutText} stretch>
      <ColumnLayout columns={2}>
        {whom.accounts.length > 0 && (
          <FormField label={texts.account}>
            <Select
              selectedOption={whom.accounts.find((option) => option.value === (subject.account ?? "")) ?? whom.accounts[0] ?? null}
              options={whom.accounts}
              onChange={({ detail }) => set({ account: detail.selectedOption.value ?? "" })}
            />
          </FormField>
        )}
        <FormField label={texts.key}>
          <Select
            selectedOption={[any, ...whom.keys].find((option) => option.value === (subject.keyId ?? "")) ?? any}
            options={[any, ...whom.keys]}
            {...search}
            expandToViewport
            onChange={({ detail }) => set({ keyId: detail.selectedOption.value ?? "" })}
          />
        </FormField>
        <FormField label={texts.principal} constraintText={texts.pattern}>
          <Autosuggest value={subject.principal ?? ""} options={whom.principals} placeholder={texts.any} expandToViewport onChange={({ detail }) => set({ principal: detail.value })} />
        </FormField>
        <FormField label={texts.model} constraintText={texts.pattern}>
          <Autosuggest value={subject.modelId ?? ""} options={whom.models} placeholder={texts.any} expandToViewport onChange={({ detail }) => set({ modelId: detail.value })} />
        </FormField>
        <FormField label={texts.tagKey} constraintText={texts.tagText}>
          <Input value={tag.key} placeholder={texts.any} onChange={({ detail }) => onChange({ ...value, tag: { ...tag, key: detail.value } })} />
        </FormField>
        <FormField label={texts.tagValue}>
          <Input value={tag.value} onChange={({ detail }) => onChange({ ...value, tag: { ...tag, value: detail.value } })} />
        </FormField>
        <FormField label={texts.countedPer}>
          <Multiselect
            selectedOptions={value.apart.map((part) => ({ value: part, label: texts.parts[part] }))}
            options={PARTS.map((part) => ({ value: part, label: texts.parts[part] }))}
            placeholder={texts.together}
            expandToViewport
            onChange={({ detail }) => onChange({ ...value, apart: detail.selectedOptions.map((option) => option.value as Part) })}
          />
        </FormField>
      </ColumnLayout>
    </FormField>
  );
}
