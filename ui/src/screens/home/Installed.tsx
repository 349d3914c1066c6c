/** Which models are on this machine; with none, how to get one. */

import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import Link from "@cloudscape-design/components/link";
import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import type { Loading } from "../../api/polling";
import type { ListLocalModelsResponse, LocalModel } from "../../api/shapes";
import { follow, href } from "../../app/address";
import { ApiCall } from "../../parts/ApiCall";
import { Code } from "../../parts/Code";
import { Failed } from "../../parts/Failed";
import { useFormats, useTexts } from "../../texts/texts";

/** So many are shown; the rest is on the screen of models. */
const MOST = 4;
export const FIRST = "craton pull smollm2-135m";

export function Installed({ models }: { models: Loading<ListLocalModelsResponse> }) {
  const texts = useTexts();
  const installed = (models.answer?.models ?? [])
    .filter((model) => model.installed)
    .sort((one, other) => Number(other.loaded) - Number(one.loaded));
  return (
    <Container
      fitHeight
      header={
        <Header
          variant="h2"
          actions={<ApiCall calls={[{ service: "craton", operation: "ListLocalModels", input: {} }]} variant="inline-link" />}
        >
          {texts.home.models.title}
        </Header>
      }
      footer={
        <Link href={href("/models")} onFollow={follow}>
          {texts.home.models.all}
        </Link>
      }
    >
      {models.failure ? (
        <Failed failure={models.failure} onAgain={models.again} />
      ) : models.answer && installed.length === 0 ? (
        <SpaceBetween size="s">
          <Box variant="h3">{texts.home.models.none}</Box>
          <Box color="text-body-secondary">{texts.home.models.noneText}</Box>
          <Code code={FIRST} language="shell" label={texts.models.fetch} />
        </SpaceBetween>
      ) : (
        <SpaceBetween size="s">
          {installed.slice(0, MOST).map((model) => (
            <Row key={model.modelId} model={model} />
          ))}
        </SpaceBetween>
      )}
    </Container>
  );
}

function Row({ model }: { model: LocalModel }) {
  const { models } = useTexts().home;
  const formats = useFormats();
  return (
    <div className="row">
      <div>
        <Link href={href(`/models/${encodeURIComponent(model.modelId)}`)} onFollow={follow}>
          {model.modelName ?? model.modelId}
        </Link>
        <Box variant="small" color="text-body-secondary" display="block">
          {formats.bytes(model.residentBytes ?? model.sizeBytes ?? 0)}
          {" · "}
          {model.loaded ? <StatusIndicator type="success">{models.loaded}</StatusIndicator> : models.installed}
        </Box>
      </div>
      <Button
        href={`${href("/playground")}#model=${encodeURIComponent(model.modelId)}`}
        onFollow={follow}
        ariaLabel={`${models.open}: ${model.modelName ?? model.modelId}`}
      >
        {models.open}
      </Button>
    </div>
  );
}
