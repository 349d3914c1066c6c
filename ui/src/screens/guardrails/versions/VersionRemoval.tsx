/** Deleting one version. */

import { DeleteGuardrailCommand } from "@aws-sdk/client-bedrock";
import Box from "@cloudscape-design/components/box";
import { useSession } from "../../../app/session";
import { Dialog } from "../../../parts/Dialog";
import { useGuardrailsTexts } from "../texts";

interface Shown {
  id: string;
  name: string;
  version: string;
  onClose: () => void;
  onRemoved: () => void;
}

export function VersionRemoval({ id, name, version, onClose, onRemoved }: Shown) {
  const { removal: texts } = useGuardrailsTexts();
  const { api } = useSession();

  const input = { guardrailIdentifier: id, guardrailVersion: version };

  async function remove(): Promise<void> {
    await api.bedrock.send(new DeleteGuardrailCommand(input));
    onRemoved();
  }

  return (
    <Dialog
      title={texts.versionTitle(version, name)}
      action={texts.confirm}
      calls={[{ service: "bedrock", operation: "DeleteGuardrail", input }]}
      onAction={remove}
      onClose={onClose}
    >
      <Box>{texts.versionText}</Box>
    </Dialog>
  );
}
