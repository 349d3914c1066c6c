/** Programs to begin with, and the environment that leads them here. */

import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Container from "@cloudscape-design/components/container";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Select from "@cloudscape-design/components/select";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Tabs from "@cloudscape-design/components/tabs";
import Toggle from "@cloudscape-design/components/toggle";
import { useState } from "react";
import type { Model } from "../../api/models";
import { useSession } from "../../app/session";
import { environment, type Place, type Snippet, SNIPPETS } from "../../code/snippets";
import { Code } from "../../parts/Code";
import { useSearchable } from "../../parts/useSearchable";
import { HIDDEN, NewKey } from "./NewKey";
import { useHomeTexts } from "./texts";

/** What stands in programs where no model is installed yet: the one that Home tells how to fetch. */
const FIRST_MODEL = "huggingface.smollm2-135m-instruct-v1:0";

interface Shown {
  models: Model[];
  /** The server's own, which is first where it is among them. */
  first: string | undefined;
}

export function Programs({ models, first }: Shown) {
  const { snippets } = useHomeTexts();
  const { api } = useSession();
  const [shown, setShown] = useState(false);
  const [apiKey, setApiKey] = useState<string | null>(null);
  const [chosen, setChosen] = useState<string | null>(null);
  const search = useSearchable(models.length);
  const modelId = chosen ?? (models.find(({ id }) => id === first) ?? models[0])?.id ?? FIRST_MODEL;
  const place = { endpoint: api.endpoint, region: api.region, modelId };
  const overHttp = api.credentials.kind === "apiKey" && api.endpoint.startsWith("http:");
  return (
    <Container
      header={
        <Header variant="h2" description={snippets.text}>
          {snippets.title}
        </Header>
      }
    >
      <SpaceBetween size="l">
        <SpaceBetween size="xs">
          <Box variant="h3">{snippets.environment}</Box>
          <Toggle checked={shown} onChange={({ detail }) => setShown(detail.checked)}>
            {snippets.show}
          </Toggle>
          <Code
            code={environment(api.credentials, api.endpoint, shown ? null : HIDDEN)}
            copied={environment(api.credentials, api.endpoint, null)}
            language="shell"
            label={snippets.environment}
          />
          {overHttp && <Alert type="info">{snippets.overTls}</Alert>}
        </SpaceBetween>
        <SpaceBetween size="xs">
          <Box variant="h3">{snippets.program}</Box>
          {models.length > 1 && (
            <FormField label={snippets.model}>
              <Select
                selectedOption={{ value: modelId, label: models.find((each) => each.id === modelId)?.name ?? modelId }}
                options={models.map((each) => ({ value: each.id, label: each.name, description: each.id }))}
                {...search}
                onChange={({ detail }) => setChosen(detail.selectedOption.value ?? null)}
              />
            </FormField>
          )}
          <Tabs
            ariaLabel={snippets.program}
            tabs={SNIPPETS.map((snippet) => ({
              id: snippet.id,
              label: snippet.name,
              content: <Program snippet={snippet} place={place} shown={shown} apiKey={apiKey} onApiKey={setApiKey} />,
            }))}
          />
        </SpaceBetween>
      </SpaceBetween>
    </Container>
  );
}

interface ProgramShown {
  snippet: Snippet;
  place: Place;
  /** Whether secrets are. */
  shown: boolean;
  apiKey: string | null;
  onApiKey: (key: string) => void;
}

function Program({ snippet, place, shown, apiKey, onApiKey }: ProgramShown) {
  const { snippets } = useHomeTexts();
  const { api } = useSession();
  return (
    <SpaceBetween size="s">
      {snippet.apiKey && api.credentials.kind !== "apiKey" && <NewKey shown={shown} made={apiKey} onMade={onApiKey} />}
      {snippet.install && <Code code={snippet.install} language="shell" label={snippets.install} />}
      <Code code={snippet.code(place)} language={snippet.language} label={snippet.name} />
    </SpaceBetween>
  );
}
