/** What happens to a model at this moment, and what went wrong last. */

import Alert from "@cloudscape-design/components/alert";
import Container from "@cloudscape-design/components/container";
import LiveRegion from "@cloudscape-design/components/live-region";
import ProgressBar from "@cloudscape-design/components/progress-bar";
import { isBringing, type Model } from "../../../api/models";
import type { ModelPull } from "../../../api/shapes";
import { Pulling } from "../parts/State";
import { useModelsTexts } from "../texts";

export function UnderWay({ model, pull }: { model: Model; pull: ModelPull | undefined }) {
  const texts = useModelsTexts();
  const { name, state, local } = model;
  if (pull && isBringing(pull)) {
    return (
      <Container>
        <Pulling pull={pull} name={name} told />
      </Container>
    );
  }
  if (state === "loading") {
    return (
      <Container>
        <ProgressBar
          value={Math.round((local?.loadingProgress ?? 0) * 100)}
          label={texts.progress.loading(name)}
          resultText={texts.states.loaded}
        />
      </Container>
    );
  }
  const wrong = whatWentWrong(model, pull, texts);
  return wrong && (
    <LiveRegion>
      <Alert type="error" header={wrong.header}>
        <span className="told">{wrong.reason}</span>
      </Alert>
    </LiveRegion>
  );
}

function whatWentWrong({ name, state, local }: Model, pull: ModelPull | undefined, texts: ReturnType<typeof useModelsTexts>) {
  if (state === "fetchable" && pull?.status === "FAILED") return { header: texts.notFetched(name), reason: pull.statusReason };
  if (state === "installed" && local?.statusReason) return { header: texts.notLoaded(name), reason: local.statusReason };
  if (local?.measurementFailure) return { header: texts.notMeasured(name), reason: local.measurementFailure };
  return null;
}
