/** The state of a model, as a light and a word, and how far it is on its way to another. */

import Box from "@cloudscape-design/components/box";
import Popover from "@cloudscape-design/components/popover";
import ProgressBar from "@cloudscape-design/components/progress-bar";
import StatusIndicator, { type StatusIndicatorProps } from "@cloudscape-design/components/status-indicator";
import { isBringing, type Model, type State as Name } from "../../../api/models";
import type { ModelPull } from "../../../api/shapes";
import { useFormats } from "../../../texts/texts";
import { useModelsTexts } from "../texts";

const TYPES: Record<Name, StatusIndicatorProps.Type> = {
  loaded: "success",
  loading: "loading",
  installed: "not-started",
  remote: "info",
  fetching: "loading",
  fetchable: "pending",
};

export function State({ model, pull }: { model: Model; pull?: ModelPull | undefined }) {
  const texts = useModelsTexts();
  if (pull && isBringing(pull)) return <Pulling pull={pull} name={model.name} />;
  const { state, local } = model;
  if (state === "loading" && local?.loadingProgress !== undefined) {
    return (
      <ProgressBar
        value={Math.round(local.loadingProgress * 100)}
        description={texts.states.loading}
        ariaLabel={texts.progress.loading(model.name)}
      />
    );
  }
  if (pull?.status === "FAILED" && state === "fetchable") {
    return <Failed header={texts.notFetched(model.name)} reason={pull.statusReason} />;
  }
  if (local?.statusReason && state === "installed") return <Failed header={texts.notLoaded(model.name)} reason={local.statusReason} />;
  return (
    <>
      <StatusIndicator type={TYPES[state]}>{texts.states[state]}</StatusIndicator>
      {local?.measuring && (
        <Box variant="small" display="block">
          <StatusIndicator type="loading">{texts.progress.measuring}</StatusIndicator>
        </Box>
      )}
    </>
  );
}

function Failed({ header, reason }: { header: string; reason: string | undefined }) {
  return (
    <Popover header={header} content={<span className="told">{reason ?? header}</span>} dismissButton={false} size="large" wrapTriggerText={false}>
      <StatusIndicator type="error">{useModelsTexts().failed}</StatusIndicator>
    </Popover>
  );
}

export function Pulling({ pull, name, told = false }: { pull: ModelPull; name: string; told?: boolean }) {
  const { progress } = useModelsTexts();
  const formats = useFormats();
  const { status, bytesDone, bytesTotal, source } = pull;
  if (status === "STOPPING" || !bytesTotal) {
    return <StatusIndicator type="loading">{progress[status as "STOPPING" | "QUEUED" | "FETCHING"]}</StatusIndicator>;
  }
  return (
    <ProgressBar
      value={Math.round((100 * bytesDone) / bytesTotal)}
      {...(told ? { label: progress.fetching(name) } : { ariaLabel: progress.fetching(name) })}
      description={status === "QUEUED" ? progress.QUEUED : progress.of(formats.bytes(bytesDone), formats.bytes(bytesTotal))}
      {...(told && source && { additionalInfo: progress.from(source) })}
    />
  );
}
