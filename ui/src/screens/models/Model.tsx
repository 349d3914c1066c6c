/** One model: what it is, how it does on this machine, and by which ids it is asked. */

import Alert from "@cloudscape-design/components/alert";
import Button from "@cloudscape-design/components/button";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Spinner from "@cloudscape-design/components/spinner";
import { useState } from "react";
import type { Call } from "../../api/call";
import { answersWithText, isHere, type Model as Told, MODELS_CALLS } from "../../api/models";
import type { ModelPull } from "../../api/shapes";
import { follow, href } from "../../app/address";
import { Page } from "../../app/Page";
import { ApiCall } from "../../parts/ApiCall";
import { Empty } from "../../parts/Empty";
import { Failed } from "../../parts/Failed";
import { useTexts } from "../../texts/texts";
import { Deleting } from "./model/Deleting";
import { Details } from "./model/Details";
import { Leads } from "./model/Leads";
import { Machine } from "./model/Machine";
import { UnderWay } from "./model/UnderWay";
import "./models.css";
import { NextStep } from "./parts/Buttons";
import { type Acting, callOf, useActing } from "./parts/useActing";
import { useCatalogue } from "./parts/useCatalogue";
import { PROFILES_CALL } from "./profiles/profiles";
import { useModelsTexts } from "./texts";

export default function Model({ id }: { id: string }) {
  const shared = useTexts();
  const texts = useModelsTexts();
  const catalogue = useCatalogue();
  const acting = useActing(catalogue.again);
  const [deleting, setDeleting] = useState(false);
  const { answer, failure, again, pulls, operator, server } = catalogue;
  const model = answer?.find((each) => each.id === id);
  const pull = pulls.get(id);

  function deleted(): void {
    setDeleting(false);
    again();
  }

  return (
    <Page
      title={model?.name ?? id}
      above={[{ text: shared.screens.models, href: href("/models") }]}
      actions={model && <Actions model={model} pull={pull} acting={acting} operator={operator} onDelete={() => setDeleting(true)} />}
    >
      {failure && !answer ? (
        <Failed failure={failure} onAgain={again} />
      ) : !answer ? (
        <Spinner size="large" />
      ) : model ? (
        <SpaceBetween size="l">
          {failure && <Failed failure={failure} onAgain={again} />}
          {acting.failure && <Failed failure={acting.failure} />}
          <UnderWay model={model} pull={pull} />
          {server.answer && !operator && model.state === "fetchable" && <Alert type="info">{texts.operatorOnly}</Alert>}
          <Details model={model} />
          {model.local && <Machine model={model} local={model.local} server={server.answer} acting={acting} operator={operator} />}
          {(isHere(model) || model.state === "remote") && model.task !== "GUARDRAIL" && <Leads model={model} />}
        </SpaceBetween>
      ) : (
        <Empty title={texts.unknownTitle} text={texts.unknown(id)}>
          <Button href={href("/models")} onFollow={follow}>
            {texts.back}
          </Button>
        </Empty>
      )}
      {model && deleting && <Deleting model={model} onClose={() => setDeleting(false)} onDeleted={deleted} />}
    </Page>
  );
}

interface ActionsShown {
  model: Told;
  pull: ModelPull | undefined;
  acting: Acting;
  operator: boolean;
  onDelete: () => void;
}

function Actions({ model, pull, acting, operator, onDelete }: ActionsShown) {
  const texts = useModelsTexts();
  const { id } = model;
  const answers = answersWithText(model);
  return (
    <SpaceBetween direction="horizontal" size="xs">
      <ApiCall calls={callsOf(model, operator)} />
      {operator && model.local?.installed && <Button onClick={onDelete}>{texts.remove}</Button>}
      {operator && <NextStep model={model} pull={pull} acting={acting} variant={model.state === "fetchable" ? "primary" : "normal"} />}
      {answers && (
        <Button variant="primary" href={`${href("/playground")}#model=${encodeURIComponent(id)}`} onFollow={follow}>
          {texts.play}
        </Button>
      )}
    </SpaceBetween>
  );
}

/** Those that show the model, and those that its buttons make. */
function callsOf({ id, state, local }: Told, operator: boolean): Call[] {
  const shown = state === "fetchable" || state === "fetching" ? MODELS_CALLS : [...MODELS_CALLS, PROFILES_CALL];
  if (!operator || !local) return shown;
  if (!local.installed) return [...shown, callOf("fetch", id)];
  return [...shown, callOf("load", id), callOf("unload", id), callOf("measure", id), callOf("remove", id)];
}
