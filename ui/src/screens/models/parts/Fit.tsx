/** Whether a model fits this machine, in a word. */

import StatusIndicator from "@cloudscape-design/components/status-indicator";
import type { Model } from "../../../api/models";
import { useModelsTexts } from "../texts";

export function Fit({ model: { local } }: { model: Model }) {
  const texts = useModelsTexts();
  if (!local) return <>–</>;
  return <StatusIndicator type={local.fits ? "success" : "warning"}>{texts.fits[local.fit]}</StatusIndicator>;
}
