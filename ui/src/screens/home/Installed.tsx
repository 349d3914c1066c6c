/** Which models are on this machine, and which are worth fetching. */

import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import Link from "@cloudscape-design/components/link";
import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import { answersWithText, isHere, type Model, MODELS_CALLS, PULLS_CALL, STATES } from "../../api/models";
import type { ModelPull } from "../../api/shapes";
import { follow, href } from "../../app/address";
import { ApiCall } from "../../parts/ApiCall";
import { Code } from "../../parts/Code";
import { Failed } from "../../parts/Failed";
import { useFormats } from "../../texts/texts";
import { NextStep } from "../models/parts/Buttons";
import { State } from "../models/parts/State";
import { type Acting, callOf, useActing } from "../models/parts/useActing";
import type { Catalogue } from "../models/parts/useCatalogue";
import { type Offer, offersIn } from "./offers";
import { useHomeTexts } from "./texts";

/** So many are shown; the rest is on the screen of models. */
const MOST = 4;
const FIRST = "craton pull smollm2-135m";

export function Installed({ catalogue }: { catalogue: Catalogue }) {
  const { models: texts } = useHomeTexts();
  const { answer, failure, again, operator, pulls } = catalogue;
  const acting = useActing(again);
  const here = (answer ?? []).filter(answersHere).sort((one, other) => rank(one) - rank(other));
  const offers = operator ? offersIn(answer ?? []) : [];
  const calls = operator ? [...MODELS_CALLS, PULLS_CALL, ...offers.map(({ model }) => callOf("fetch", model.id))] : MODELS_CALLS;
  return (
    <Container
      fitHeight
      header={
        <Header variant="h2" actions={<ApiCall calls={calls} variant="inline-link" />}>
          {texts.title}
        </Header>
      }
      footer={
        <Link href={href("/models")} onFollow={follow}>
          {texts.all}
        </Link>
      }
    >
      <SpaceBetween size="s">
        {failure && !answer && <Failed failure={failure} onAgain={again} />}
        {acting.failure && <Failed failure={acting.failure} />}
        {answer && here.length === 0 && <None catalogue={catalogue} offers={offers} />}
        {here.slice(0, MOST).map((model) => (
          <Here key={model.id} model={model} pull={pulls.get(model.id)} />
        ))}
        {offers.map((offer) => (
          <Offered key={offer.model.id} offer={offer} pull={pulls.get(offer.model.id)} acting={acting} />
        ))}
      </SpaceBetween>
    </Container>
  );
}

/** Those that judge for guardrails answer nobody. */
function answersHere(model: Model): boolean {
  return (isHere(model) || model.state === "remote") && model.task !== "GUARDRAIL";
}

/** First those that one can talk to; of these, first those that are loaded. */
function rank(model: Model): number {
  return (answersWithText(model) ? 0 : STATES.length) + STATES.indexOf(model.state);
}

function None({ catalogue: { operator, server }, offers }: { catalogue: Catalogue; offers: Offer[] }) {
  const { models: texts } = useHomeTexts();
  if (!server.answer && !server.failure) return null; // who may fetch is not known yet
  return (
    <SpaceBetween size="xs">
      <Box variant="h3">{texts.none}</Box>
      <Box color="text-body-secondary">{!operator ? texts.noneForOthers : offers.length > 0 ? texts.noneText : texts.nothingFits}</Box>
      {!operator && <Code code={FIRST} language="shell" label={texts.noneForOthers} />}
    </SpaceBetween>
  );
}

function Here({ model, pull }: { model: Model; pull: ModelPull | undefined }) {
  const { models: texts } = useHomeTexts();
  const formats = useFormats();
  const { local } = model;
  return (
    <div className="row">
      <div className="offered">
        <Named model={model} />
        <Box variant="small" color="text-body-secondary" display="block">
          {local && `${formats.bytes(local.residentBytes ?? local.sizeBytes ?? 0)} · `}
          {model.state === "loaded" ? (
            <StatusIndicator type="success">{texts.loaded}</StatusIndicator>
          ) : model.state === "installed" && !local?.statusReason ? (
            texts.installed
          ) : (
            <State model={model} pull={pull} />
          )}
        </Box>
      </div>
      {answersWithText(model) && (
        <Button
          href={`${href("/playground")}#model=${encodeURIComponent(model.id)}`}
          onFollow={follow}
          ariaLabel={`${texts.open}: ${model.name}`}
        >
          {texts.open}
        </Button>
      )}
    </div>
  );
}

function Offered({ offer: { model, why }, pull, acting }: { offer: Offer; pull: ModelPull | undefined; acting: Acting }) {
  const { models: texts } = useHomeTexts();
  const formats = useFormats();
  const { local, state } = model;
  const told = [local?.sizeBytes && formats.bytes(local.sizeBytes), local?.licence, why && texts[why]];
  return (
    <div className="row">
      <div className="offered">
        <Named model={model} />
        <Box variant="small" color="text-body-secondary" display="block">
          {told.filter(Boolean).join(" · ")}
        </Box>
        {(state === "fetching" || pull) && <State model={model} pull={pull} />}
      </div>
      <NextStep model={model} pull={pull} acting={acting} variant={why === "recommended" && state === "fetchable" ? "primary" : "normal"} />
    </div>
  );
}

function Named({ model: { id, name } }: { model: Model }) {
  return (
    <Link href={href(`/models/${encodeURIComponent(id)}`)} onFollow={follow}>
      {name}
    </Link>
  );
}
