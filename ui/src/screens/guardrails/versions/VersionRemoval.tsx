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

  async function remove(): Promise<void> {
    await api.bedrock.send(new DeleteGuardrailCommand({ guardrailIdentifier: id, guardrailVersion: version }));
    onRemoved();
  }

  return (
    <Dialog title={texts.versionTitle(version, name)} action={texts.confirm} onAction={remove} onClose={onClose}>
      <Box>{texts.versionText}</Box>
    </Dialog>
  );
}
