/** Asks whether the index is to be made anew, and says what that costs. */

import Box from "@cloudscape-design/components/box";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { Dialog } from "../../../parts/Dialog";
import { useClients } from "../clients";
import { useSettingsTexts } from "./texts";

export function Rebuild({ baseId, onEnd }: { baseId: string; onEnd: (done: boolean) => void }) {
  const own = useSettingsTexts();
  const { craton } = useClients();

  async function rebuild(): Promise<void> {
    await craton("RebuildKnowledgeBase", { knowledgeBaseId: baseId });
    onEnd(true);
  }

  return (
    <Dialog title={own.rebuildTitle} action={own.rebuild} onAction={rebuild} onClose={() => onEnd(false)}>
      <SpaceBetween size="s">
        <Box>{own.rebuildText}</Box>
        <Box>{own.rebuildWarning}</Box>
      </SpaceBetween>
    </Dialog>
  );
}
