/** Which model answers, and how much it reads. */

import FormField from "@cloudscape-design/components/form-field";
import Select from "@cloudscape-design/components/select";
import type { NamedModel } from "../models";
import { useChatTexts } from "./texts";
import { useSearchable } from "../../../parts/useSearchable";

const COUNTS = [1, 3, 5, 10, 20];

export interface Settings {
  /** An ARN; the first model where there is none. */
  model: string;
  results: number;
}

interface Shown {
  settings: Settings;
  models: NamedModel[] | null;
  onChange: (settings: Settings) => void;
}

export function ChatSettings({ settings, models, onChange }: Shown) {
  const own = useChatTexts();
  const options = (models ?? []).map(({ arn, name, provider }) => ({ value: arn, label: name, description: provider }));
  const search = useSearchable(options.length);
  return (
    <div className="choosing">
      <div className="knowledge-model">
        <FormField label={own.model} stretch>
          <Select
            selectedOption={options.find(({ value }) => value === settings.model) ?? null}
            options={options}
            placeholder={own.choose}
            statusType={models ? "finished" : "loading"}
            {...search}
            onChange={({ detail }) => onChange({ ...settings, model: detail.selectedOption.value ?? "" })}
          />
        </FormField>
      </div>
      <FormField label={own.results}>
        <Select
          selectedOption={{ value: String(settings.results), label: String(settings.results) }}
          options={COUNTS.map((count) => ({ value: String(count), label: String(count) }))}
          onChange={({ detail }) => onChange({ ...settings, results: Number(detail.selectedOption.value) })}
        />
      </FormField>
    </div>
  );
}
