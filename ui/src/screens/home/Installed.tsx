/** Which models are on this machine; with none, how to get one. */

import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import Link from "@cloudscape-design/components/link";
import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import type { Loading } from "../../api/polling";
import { answersWithText, type Model, MODELS_CALLS, STATES } from "../../api/models";
import { follow, href } from "../../app/address";
import { ApiCall } from "../../parts/ApiCall";
import { Code } from "../../parts/Code";
import { Failed } from "../../parts/Failed";
import { useFormats, useTexts } from "../../texts/texts";

/** So many are shown; the rest is on the screen of models. */
const MOST = 4;
export const FIRST = "craton pull smollm2-135m";

export function Installed({ models }: { models: Loading<Model[]> }) {
  const texts = useTexts();
  const installed = (models.answer ?? [])
    .filter(({ state }) => state !== "fetchable")
    .sort((one, other) => rank(one) - rank(other));
  return (
    <Container
      fitHeight
      header={
        <Header
          variant="h2"
          actions={<ApiCall calls={MODELS_CALLS} variant="inline-link" />}
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
            <Row key={model.id} model={model} />
          ))}
        </SpaceBetween>
      )}
    </Container>
  );
}

/** First those that one can talk to; of these, first those that are loaded. */
function rank(model: Model): number {
  return (answersWithText(model) ? 0 : STATES.length) + STATES.indexOf(model.state);
}

function Row({ model }: { model: Model }) {
  const texts = useTexts();
  const { models } = texts.home;
  const formats = useFormats();
  return (
    <div className="row">
      <div>
        <Link href={href(`/models/${encodeURIComponent(model.id)}`)} onFollow={follow}>
          {model.name}
        </Link>
        <Box variant="small" color="text-body-secondary" display="block">
          {model.local && `${formats.bytes(model.local.residentBytes ?? model.local.sizeBytes ?? 0)} · `}
          {model.state === "loaded" ? (
            <StatusIndicator type="success">{models.loaded}</StatusIndicator>
          ) : model.state === "installed" ? (
            models.installed
          ) : (
            texts.models.states[model.state]
          )}
        </Box>
      </div>
      {answersWithText(model) && (
        <Button
          href={`${href("/playground")}#model=${encodeURIComponent(model.id)}`}
          onFollow={follow}
          ariaLabel={`${models.open}: ${model.name}`}
        >
          {models.open}
        </Button>
      )}
    </div>
  );
}
