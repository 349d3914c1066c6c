/** The models of the conversation: one, or up to four that answer side by side. */

import Button from "@cloudscape-design/components/button";
import FormField from "@cloudscape-design/components/form-field";
import Select, { type SelectProps } from "@cloudscape-design/components/select";
import { useMemo } from "react";
import type { Model } from "../../api/models";
import { type Change, MOST_MODELS, type Slot } from "./talk/conversation";
import { usePlaygroundTexts } from "./texts/texts";
import { useSearchable } from "../../parts/useSearchable";

interface Shown {
  models: Model[];
  loading: boolean;
  slots: Slot[];
  change: (change: Change) => void;
}

export function Choosing({ models, loading, slots, change }: Shown) {
  const { models: texts } = usePlaygroundTexts();
  const options = useMemo(() => grouped(models), [models]);
  const nameOf = (id: string) => models.find((model) => model.id === id)?.name ?? id;
  const several = slots.length > 1;
  const search = useSearchable(models.length);
  return (
    <div className="choosing">
      {slots.map(({ id, modelId }, place) => (
        <div key={id} className="choice">
          <FormField label={several ? texts.at(place + 1) : texts.model} stretch>
            <Select
              selectedOption={modelId ? { value: modelId, label: nameOf(modelId) } : null}
              options={options}
              placeholder={texts.choose}
              statusType={loading ? "loading" : "finished"}
              {...search}
              onChange={({ detail }) => change({ type: "chosen", slot: id, modelId: detail.selectedOption.value ?? "" })}
            />
          </FormField>
          {several && (
            <Button
              variant="icon"
              iconName="close"
              ariaLabel={texts.remove(texts.at(place + 1))}
              onClick={() => change({ type: "removed", slot: id })}
            />
          )}
        </div>
      ))}
      {slots.length < MOST_MODELS && (
        <Button iconName="add-plus" onClick={() => change({ type: "added", modelId: another(models, slots) })}>
          {texts.add}
        </Button>
      )}
    </div>
  );
}

function grouped(models: Model[]): SelectProps.Options {
  const providers = [...new Set(models.map(({ provider }) => provider ?? ""))];
  return providers.map((provider) => ({
    label: provider,
    options: models
      .filter((model) => (model.provider ?? "") === provider)
      .map(({ id, name }) => ({ value: id, label: name, description: id })),
  }));
}

/** One that does not answer yet, or else the same once more. */
function another(models: Model[], slots: Slot[]): string {
  const taken = new Set(slots.map(({ modelId }) => modelId));
  return (models.find(({ id }) => !taken.has(id)) ?? models[0])?.id ?? "";
}
