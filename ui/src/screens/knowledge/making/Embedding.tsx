/** The embedding model of a new knowledge base; and what is said where there is none. */

import Button from "@cloudscape-design/components/button";
import FormField from "@cloudscape-design/components/form-field";
import Select from "@cloudscape-design/components/select";
import { follow, href } from "../../../app/address";
import { Page } from "../../../app/Page";
import { Code } from "../../../parts/Code";
import { Empty } from "../../../parts/Empty";
import { useTexts } from "../../../texts/texts";
import type { NamedModel } from "../models";
import { useMakingTexts } from "./texts";

interface Shown {
  models: NamedModel[] | null;
  chosen: NamedModel | undefined;
  /** Once the knowledge base has been made. */
  disabled: boolean;
  onChange: (arn: string) => void;
}

export function Embedding({ models, chosen, disabled, onChange }: Shown) {
  const own = useMakingTexts();
  const options = (models ?? []).map(({ arn, name, id, provider }) => ({ value: arn, label: name, description: `${provider} · ${id}` }));
  return (
    <FormField label={own.embedding} description={own.embeddingText}>
      <Select
        selectedOption={options.find(({ value }) => value === chosen?.arn) ?? null}
        options={options}
        disabled={disabled}
        statusType={models ? "finished" : "loading"}
        onChange={({ detail }) => onChange(detail.selectedOption.value ?? "")}
      />
    </FormField>
  );
}

export function NoEmbedding() {
  const texts = useTexts();
  const own = useMakingTexts();
  return (
    <Page title={own.title} above={[{ text: texts.screens.knowledge, href: href("/knowledge") }]}>
      <Empty title={own.noModels} text={own.noModelsText}>
        <div className="knowledge-command">
          <Code code="craton pull use-multilingual" language="shell" label={own.noModels} />
        </div>
        <Button variant="primary" href={href("/models")} onFollow={follow}>
          {own.toModels}
        </Button>
      </Empty>
    </Page>
  );
}
