/** Choosing what the account enforces, with the warning that it deserves. */

import type { GuardrailSummary } from "@aws-sdk/client-bedrock";
import Alert from "@cloudscape-design/components/alert";
import FormField from "@cloudscape-design/components/form-field";
import Multiselect from "@cloudscape-design/components/multiselect";
import RadioGroup from "@cloudscape-design/components/radio-group";
import Select from "@cloudscape-design/components/select";
import { useCallback, useState } from "react";
import { useCall } from "../../../api/polling";
import { useSession } from "../../../app/session";
import { Dialog } from "../../../parts/Dialog";
import { Failed } from "../../../parts/Failed";
import { useSearchable } from "../../../parts/useSearchable";
import { listVersions } from "../calls";
import { type Enforcing, GUARDINGS, type Guarding, inputOf, listFoundationModels, putEnforced } from "./enforcing";
import { useEnforcedTexts } from "./texts";

interface Shown {
  guardrails: GuardrailSummary[];
  present: Enforcing;
  configId: string | undefined;
  onClose: () => void;
  onDone: () => void;
}

export function EnforcedForm({ guardrails, present, configId, onClose, onDone }: Shown) {
  const texts = useEnforcedTexts();
  const { api } = useSession();
  const [form, setForm] = useState<Enforcing>({ ...present, guardrail: present.guardrail || (guardrails[0]?.id ?? "") });
  const set = (part: Partial<Enforcing>) => setForm((before) => ({ ...before, ...part }));
  const { guardrail } = form;
  const versions = useCall(
    useCallback(async (signal: AbortSignal) => ({ guardrail, told: await listVersions(api, guardrail, signal) }), [api, guardrail]),
  );
  const models = useCall(useCallback((signal: AbortSignal) => listFoundationModels(api, signal), [api]));
  const told = versions.answer?.guardrail === guardrail ? versions.answer.told : null;
  const numbers = (told ?? []).map(({ version = "" }) => ({ value: version, label: texts.number(version) }));
  const version = numbers.find(({ value }) => value === form.version) ?? numbers[0] ?? null;
  const named = guardrails.map(({ id = "", name = id }) => ({ value: id, label: name }));
  const input = inputOf({ ...form, version: version?.value ?? "" }, configId);

  async function enforce(): Promise<void> {
    await putEnforced(api, input);
    onDone();
  }

  return (
    <Dialog
      title={texts.enforce}
      action={texts.enforce}
      size="large"
      disabled={!version || (form.included !== null && form.included.length === 0)}
      calls={[{ service: "bedrock", operation: "PutEnforcedGuardrailConfiguration", input }]}
      onAction={enforce}
      onClose={onClose}
    >
      <Alert type="warning" header={texts.warning}>
        {texts.warningText}
      </Alert>
      {versions.failure && <Failed failure={versions.failure} onAgain={versions.again} />}
      {models.failure && <Failed failure={models.failure} onAgain={models.again} />}
      <div className="policy-pair">
        <FormField label={texts.guardrail} stretch>
          <Select
            selectedOption={named.find(({ value }) => value === guardrail) ?? null}
            options={named}
            onChange={({ detail }) => set({ guardrail: detail.selectedOption.value ?? "", version: "" })}
          />
        </FormField>
        <FormField
          label={texts.version}
          errorText={told?.length === 0 ? texts.noVersion : ""}
          stretch
        >
          <Select
            selectedOption={version}
            options={numbers}
            disabled={numbers.length === 0}
            statusType={told ? "finished" : "loading"}
            onChange={({ detail }) => set({ version: detail.selectedOption.value ?? "" })}
          />
        </FormField>
      </div>
      <FormField label={texts.models}>
        <RadioGroup
          value={form.included === null ? "all" : "only"}
          direction="horizontal"
          items={[
            { value: "all", label: texts.all },
            { value: "only", label: texts.only },
          ]}
          onChange={({ detail }) => set({ included: detail.value === "all" ? null : [] })}
        />
      </FormField>
      {form.included !== null && (
        <Several label={texts.included} chosen={form.included} options={models.answer ?? []} onChange={(included) => set({ included })} />
      )}
      <Several
        label={texts.excluded}
        description={texts.excludedText}
        chosen={form.excluded}
        options={models.answer ?? []}
        onChange={(excluded) => set({ excluded })}
      />
      <div className="policy-pair">
        {(["system", "messages"] as const).map((part) => (
          <FormField key={part} label={texts[part]} stretch>
            <Select
              selectedOption={{ value: form[part], label: texts.guarding[form[part]] }}
              options={GUARDINGS.map((value) => ({ value, label: texts.guarding[value] }))}
              onChange={({ detail }) => set({ [part]: detail.selectedOption.value as Guarding })}
            />
          </FormField>
        ))}
      </div>
    </Dialog>
  );
}

interface Chosen {
  label: string;
  description?: string;
  chosen: string[];
  options: { value: string; label: string }[];
  onChange: (chosen: string[]) => void;
}

function Several({ label, description, chosen, options, onChange }: Chosen) {
  const texts = useEnforcedTexts();
  const search = useSearchable(options.length);
  return (
    <FormField label={label} description={description} stretch>
      <Multiselect
        selectedOptions={chosen.map((id) => options.find(({ value }) => value === id) ?? { value: id, label: id })}
        options={options}
        placeholder={texts.choose}
        empty={texts.nothing}
        {...search}
        deselectAriaLabel={({ label: name = "" }) => texts.removeModel(name)}
        onChange={({ detail }) => onChange(detail.selectedOptions.map(({ value = "" }) => value))}
      />
    </FormField>
  );
}
