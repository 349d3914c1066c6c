/** One model. */

import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import CopyToClipboard from "@cloudscape-design/components/copy-to-clipboard";
import Header from "@cloudscape-design/components/header";
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Spinner from "@cloudscape-design/components/spinner";
import { useCallback } from "react";
import { answersWithText, listModels, type Model as Told, MODELS_CALLS } from "../../api/models";
import { useCall } from "../../api/polling";
import { follow, href } from "../../app/address";
import { Page } from "../../app/Page";
import { useSession } from "../../app/session";
import { quoted } from "../../code/shell";
import { ApiCall } from "../../parts/ApiCall";
import { Code } from "../../parts/Code";
import { Empty } from "../../parts/Empty";
import { Failed } from "../../parts/Failed";
import { useFormats, useTexts } from "../../texts/texts";
import { modalities } from "./modalities";
import { State } from "./State";

export default function Model({ id }: { id: string }) {
  const texts = useTexts();
  const { api } = useSession();
  const { answer, failure, again } = useCall(useCallback((signal: AbortSignal) => listModels(api, signal), [api]));
  const model = answer?.find((each) => each.id === id);
  const answers = model !== undefined && answersWithText(model);
  return (
    <Page
      title={model?.name ?? id}
      above={[{ text: texts.screens.models, href: href("/models") }]}
      actions={
        <SpaceBetween direction="horizontal" size="xs">
          <ApiCall calls={MODELS_CALLS} />
          {answers && (
            <Button variant="primary" href={`${href("/playground")}#model=${encodeURIComponent(id)}`} onFollow={follow}>
              {texts.models.play}
            </Button>
          )}
        </SpaceBetween>
      }
    >
      {failure ? (
        <Failed failure={failure} onAgain={again} />
      ) : !answer ? (
        <Spinner size="large" />
      ) : model ? (
        <Details model={model} />
      ) : (
        <Empty title={texts.models.none} text={texts.models.unknown(id)}>
          <Button href={href("/models")} onFollow={follow}>
            {texts.models.back}
          </Button>
        </Empty>
      )}
    </Page>
  );
}

function Details({ model }: { model: Told }) {
  const texts = useTexts();
  const formats = useFormats();
  const { models } = texts;
  const { id, local } = model;
  return (
    <SpaceBetween size="l">
      <Container header={<Header variant="h2">{models.details}</Header>}>
        <KeyValuePairs
          columns={3}
          items={[
            {
              label: models.id,
              value: (
                <CopyToClipboard
                  variant="inline"
                  textToCopy={id}
                  wrapText
                  copyButtonAriaLabel={`${texts.copy}: ${models.id}`}
                  copySuccessText={texts.copied}
                  copyErrorText={texts.notCopied}
                />
              ),
            },
            { label: models.state, value: <State state={model.state} /> },
            { label: models.provider, value: model.provider ?? "–" },
            { label: models.takes, value: modalities(model.takes, texts) },
            { label: models.makes, value: modalities(model.makes, texts) },
            { label: models.streams, value: model.streams === undefined ? "–" : model.streams ? models.yes : models.no },
            { label: models.size, value: local?.sizeBytes ? formats.bytes(local.sizeBytes) : "–" },
            { label: models.context, value: local?.contextLength ? models.contextOf(formats.number(local.contextLength)) : "–" },
            { label: models.licence, value: local?.licence ?? "–" },
            ...(local?.engine ? [{ label: models.engine, value: local.engine }] : []),
            ...(local?.residentBytes ? [{ label: models.memory, value: formats.bytes(local.residentBytes) }] : []),
          ]}
        />
      </Container>
      {model.state === "fetchable" && (
        <Container header={<Header variant="h2" description={models.fetchText}>{models.fetch}</Header>}>
          <Code code={`craton pull ${quoted(id)}`} language="shell" label={models.fetch} />
        </Container>
      )}
    </SpaceBetween>
  );
}
