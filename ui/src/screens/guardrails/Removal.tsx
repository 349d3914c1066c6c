/** Deleting a guardrail, after telling what goes with it. */

import { DeleteGuardrailCommand } from "@aws-sdk/client-bedrock";
import Box from "@cloudscape-design/components/box";
import { go } from "../../app/address";
import { useSession } from "../../app/session";
import { Dialog } from "../../parts/Dialog";
import { keepEdits } from "./editing/drafts";
import { useGuardrailsTexts } from "./texts";

interface Shown {
  id: string;
  name: string;
  versions: string[];
  onClose: () => void;
}

export function Removal({ id, name, versions, onClose }: Shown) {
  const { removal: texts } = useGuardrailsTexts();
  const { api } = useSession();

  async function remove(): Promise<void> {
    await api.bedrock.send(new DeleteGuardrailCommand({ guardrailIdentifier: id }));
    keepEdits(api, id, null);
    go("/guardrails");
  }

  return (
    <Dialog title={texts.title(name)} action={texts.confirm} calls={[{ service: "bedrock", operation: "DeleteGuardrail", input: { guardrailIdentifier: id } }]} onAction={remove} onClose={onClose}>
      <div>
        <Box>{texts.text}</Box>
        <Box padding={{ top: "s" }} fontWeight="bold">
          {texts.goes}
        </Box>
        <ul>
          <li>{texts.draft}</li>
          {versions.map((version) => (
            <li key={version}>{texts.version(version)}</li>
          ))}
        </ul>
      </div>
    </Dialog>
  );
}
