/** Freezing the draft as a version. */

import { CreateGuardrailVersionCommand } from "@aws-sdk/client-bedrock";
import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import { useState } from "react";
import { useSession } from "../../../app/session";
import { Dialog } from "../../../parts/Dialog";
import { useVersionsTexts } from "./texts";

interface Shown {
  id: string;
  unsaved: boolean;
  onClose: () => void;
  onMade: () => void;
}

export function NewVersion({ id, unsaved, onClose, onMade }: Shown) {
  const texts = useVersionsTexts();
  const { api } = useSession();
  const [description, setDescription] = useState("");

  const input = { guardrailIdentifier: id, ...(description && { description }) };

  async function create(): Promise<void> {
    await api.bedrock.send(new CreateGuardrailVersionCommand(input));
    onMade();
  }

  return (
    <Dialog
      title={texts.create}
      action={texts.create}
      calls={[{ service: "bedrock", operation: "CreateGuardrailVersion", input }]}
      onAction={create}
      onClose={onClose}
    >
      <Box>{texts.createText}</Box>
      {unsaved && <Alert type="warning">{texts.createUnsaved}</Alert>}
      <FormField label={texts.description} description={texts.descriptionText} stretch>
        <Input value={description} onChange={({ detail }) => setDescription(detail.value)} />
      </FormField>
    </Dialog>
  );
}
