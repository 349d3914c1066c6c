/** Whether a model shall really be deleted, and what goes with it. */

import Box from "@cloudscape-design/components/box";
import type { Model } from "../../../api/models";
import { useSession } from "../../../app/session";
import { ApiCall } from "../../../parts/ApiCall";
import { Dialog } from "../../../parts/Dialog";
import { useFormats } from "../../../texts/texts";
import { callOf } from "../parts/useActing";
import { useModelsTexts } from "../texts";
import { useModelTexts } from "./texts";

/** So many ids are named. */
const MOST = 5;

interface Shown {
  model: Model;
  onClose: () => void;
  onDeleted: () => void;
}

export function Deleting({ model, onClose, onDeleted }: Shown) {
  const texts = useModelsTexts();
  const { deletion } = useModelTexts();
  const { api } = useSession();
  const formats = useFormats();
  const { id, name, state, local } = model;
  const standsInFor = local?.standsInFor ?? [];

  async function remove(): Promise<void> {
    await api.craton("DeleteLocalModel", { modelId: id });
    onDeleted();
  }

  return (
    <Dialog title={deletion.title(name)} action={texts.remove} onAction={remove} onClose={onClose}>
      <Box>{deletion.text(formats.bytes(local?.sizeBytes ?? 0))}</Box>
      {(state === "loaded" || state === "loading") && <Box>{deletion.loaded}</Box>}
      {standsInFor.length > 0 && <Box>{deletion.standIn(listed(standsInFor))}</Box>}
      <ApiCall calls={[callOf("remove", id)]} variant="inline-link" />
    </Dialog>
  );
}

function listed(ids: string[]): string {
  return ids.length > MOST ? `${ids.slice(0, MOST).join(", ")}, …` : ids.join(", ");
}
