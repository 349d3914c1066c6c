/** Asks whether the index is to be made anew, and says what that costs; where chunks would be lost, whether they may. */

import Box from "@cloudscape-design/components/box";
import Checkbox from "@cloudscape-design/components/checkbox";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { failureOf } from "../../../api/failure";
import { Dialog } from "../../../parts/Dialog";
import { useClients } from "../clients";
import { useSettingsTexts } from "./texts";

export function Rebuild({ baseId, onEnd }: { baseId: string; onEnd: (done: boolean) => void }) {
  const own = useSettingsTexts();
  const { craton } = useClients();

  const [retains, setRetains] = useState(false);
  const [discard, setDiscard] = useState(false);
  const input = { knowledgeBaseId: baseId, ...(discard && { discardRetained: true }) };

  async function rebuild(): Promise<void> {
    try {
      await craton("RebuildKnowledgeBase", input);
    } catch (error) {
      setRetains(failureOf(error).code === "ConflictException");
      throw error;
    }
    onEnd(true);
  }

  return (
    <Dialog
      title={own.rebuildTitle}
      action={own.rebuild}
      calls={[{ service: "craton", operation: "RebuildKnowledgeBase", input }]}
      onAction={rebuild}
      onClose={() => onEnd(false)}
    >
      <SpaceBetween size="s">
        <Box>{own.rebuildText}</Box>
        <Box>{own.rebuildWarning}</Box>
        {retains && (
          <Checkbox checked={discard} onChange={({ detail }) => setDiscard(detail.checked)}>
            {own.rebuildDiscard}
          </Checkbox>
        )}
      </SpaceBetween>
    </Dialog>
  );
}
