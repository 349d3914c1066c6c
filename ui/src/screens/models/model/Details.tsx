/** What a model is, wherever it runs. */

import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs";
import type { Model } from "../../../api/models";
import { useFormats } from "../../../texts/texts";
import { modalities, useNames } from "../parts/names";
import { State } from "../parts/State";
import { useModelsTexts } from "../texts";

export function Details({ model }: { model: Model }) {
  const texts = useModelsTexts();
  const formats = useFormats();
  const names = useNames();
  const { local, provider, task, takes, makes, streams } = model;
  const languages = local?.languages?.map(names.language).join(", ");
  const items = [
    { label: texts.state, value: <State model={model} /> },
    { label: texts.task, value: texts.tasks[task] },
    { label: texts.provider, value: provider ?? "–" },
    { label: texts.licence, value: local?.licence ?? "–" },
    { label: texts.takes, value: modalities(takes, texts) },
    { label: texts.makes, value: modalities(makes, texts) },
    { label: texts.languages, value: languages || texts.languagesUnknown },
    { label: texts.streams, value: streams === undefined ? "–" : streams ? texts.yes : texts.no },
    { label: texts.context, value: local?.contextLength ? texts.contextOf(formats.number(local.contextLength)) : "–" },
    { label: texts.size, value: local?.sizeBytes ? formats.bytes(local.sizeBytes) : "–" },
    { label: texts.parameters, value: local?.parameters ? names.many(local.parameters) : "–" },
    { label: texts.quantization, value: local?.quantization ?? "–" },
  ];
  return (
    <Container header={<Header variant="h2">{texts.details}</Header>}>
      <KeyValuePairs columns={4} items={items} />
    </Container>
  );
}
