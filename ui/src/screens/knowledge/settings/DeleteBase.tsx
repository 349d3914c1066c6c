/** Asks whether a knowledge base is to be deleted, and says what goes with it. Its name must be typed. */

import { DeleteKnowledgeBaseCommand } from "@aws-sdk/client-bedrock-agent";
import Box from "@cloudscape-design/components/box";
import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { Dialog } from "../../../parts/Dialog";
import type { Base } from "../asking";
import { useClients } from "../clients";
import { useKnowledgeTexts } from "../texts";
import { useSettingsTexts } from "./texts";

export function DeleteBase({ base, onEnd }: { base: Base; onEnd: (done: boolean) => void }) {
  const own = useSettingsTexts();
  const known = useKnowledgeTexts();
  const { agent } = useClients();
  const [typed, setTyped] = useState("");
  const { name = "", knowledgeBaseId } = base.told;

  async function remove(): Promise<void> {
    await agent.send(new DeleteKnowledgeBaseCommand({ knowledgeBaseId }));
    onEnd(true);
  }

  return (
    <Dialog title={own.deleteTitle(name)} action={known.delete} disabled={typed.trim() !== name} calls={[{ service: "bedrock-agent", operation: "DeleteKnowledgeBase", input: { knowledgeBaseId } }]} onAction={remove} onClose={() => onEnd(false)}>
      <SpaceBetween size="m">
        <Box>{own.deleteAll(base.sources.length)}</Box>
        <Box>{own.deleteOutside}</Box>
        <FormField label={own.confirm(name)}>
          <Input value={typed} autoFocus spellcheck={false} onChange={({ detail }) => setTyped(detail.value)} />
        </FormField>
      </SpaceBetween>
    </Dialog>
  );
}
