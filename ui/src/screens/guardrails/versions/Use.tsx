/** How programs use a guardrail: the calls that name it and a version of it. */

import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import Select from "@cloudscape-design/components/select";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Tabs from "@cloudscape-design/components/tabs";
import { type ReactNode, useCallback, useState } from "react";
import type { Call } from "../../../api/call";
import { listTextModels } from "../../../api/models";
import { useCall } from "../../../api/polling";
import { follow, href } from "../../../app/address";
import { useSession } from "../../../app/session";
import { javascript } from "../../../code/javascript";
import { python } from "../../../code/python";
import { shell } from "../../../code/shell";
import { Code } from "../../../parts/Code";
import { DRAFT } from "../calls";
import { useTesterTexts } from "../tester/texts";
import { useVersionsTexts } from "./texts";

export function Use({ id, versions }: { id: string; versions: string[] }) {
  const texts = useVersionsTexts();
  const tester = useTesterTexts();
  const { api } = useSession();
  const { answer } = useCall(useCallback((signal: AbortSignal) => listTextModels(api, signal), [api]));
  const [version, setVersion] = useState(versions[0] ?? DRAFT);
  const models = answer ?? [];
  const [chosen, setChosen] = useState("");
  const modelId = chosen || models[0]?.id || "";
  const text = tester.examples.INPUT[0]?.[1] ?? "";
  const guardrail = { guardrailIdentifier: id, guardrailVersion: version };
  const converse: Call = {
    service: "bedrock-runtime",
    operation: "Converse",
    input: {
      modelId,
      messages: [{ role: "user", content: [{ text }] }],
      guardrailConfig: { ...guardrail, trace: "enabled" },
    },
  };
  const apply: Call = {
    service: "bedrock-runtime",
    operation: "ApplyGuardrail",
    input: { ...guardrail, source: "INPUT", content: [{ text: { text } }] },
  };
  return (
    <SpaceBetween size="l">
      <div className="compared">
        <Select
          inlineLabelText={texts.version}
          ariaLabel={texts.version}
          selectedOption={{ value: version, label: version === DRAFT ? texts.draft : texts.number(version) }}
          options={[...versions, DRAFT].map((value) => ({ value, label: value === DRAFT ? texts.draft : texts.number(value) }))}
          onChange={({ detail }) => setVersion(detail.selectedOption.value ?? DRAFT)}
        />
        {models.length > 0 && (
          <Select
            inlineLabelText={texts.model}
            ariaLabel={texts.model}
            selectedOption={{ value: modelId, label: models.find((model) => model.id === modelId)?.name ?? modelId }}
            options={models.map(({ id: value, name: label }) => ({ value, label }))}
            onChange={({ detail }) => setChosen(detail.selectedOption.value ?? "")}
          />
        )}
      </div>
      {modelId ? (
        <Programs title={texts.converse} text={texts.use} call={converse}>
          <Button iconName="gen-ai" href={`${href("/playground")}#${new URLSearchParams({ model: modelId, guardrail: id, version })}`} onFollow={follow}>
            {tester.playground}
          </Button>
        </Programs>
      ) : (
        answer && <Box color="text-body-secondary">{texts.noModel}</Box>
      )}
      <Programs title={texts.apply} call={apply} />
    </SpaceBetween>
  );
}

function Programs({ title, text, call, children }: { title: string; text?: string; call: Call; children?: ReactNode }) {
  const { api } = useSession();
  const script = javascript(call, api.endpoint, api.region);
  const forms = [
    { id: "python", label: "boto3", language: "python" as const, code: python(call, api.endpoint, api.region) },
    { id: "shell", label: "AWS CLI", language: "shell" as const, code: shell(call, api.endpoint, api.region) },
    ...(script ? [{ id: "javascript", label: "JavaScript", language: "javascript" as const, code: script }] : []),
  ];
  return (
    <Container
      header={
        <Header variant="h2" description={text} actions={children}>
          {title}
        </Header>
      }
    >
      <Tabs
        ariaLabel={title}
        tabs={forms.map(({ id, label, language, code }) => ({
          id,
          label,
          content: <Code code={code} language={language} label={`${title}, ${label}`} />,
        }))}
      />
    </Container>
  );
}
