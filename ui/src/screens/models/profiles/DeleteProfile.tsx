/** Whether a profile shall really be deleted. */

import Box from "@cloudscape-design/components/box";
import { useSession } from "../../../app/session";
import { ApiCall } from "../../../parts/ApiCall";
import { Dialog } from "../../../parts/Dialog";
import { useModelsTexts } from "../texts";
import { type Profile, remove } from "./profiles";
import { useProfilesTexts } from "./texts";

interface Shown {
  profile: Profile;
  onClose: () => void;
  onDeleted: () => void;
}

export function DeleteProfile({ profile, onClose, onDeleted }: Shown) {
  const texts = useModelsTexts();
  const { profiles } = useProfilesTexts();
  const { api } = useSession();

  async function confirmed(): Promise<void> {
    await remove(api, profile);
    onDeleted();
  }

  return (
    <Dialog title={profiles.deletion(profile.name)} action={texts.remove} onAction={confirmed} onClose={onClose}>
      <Box>{profiles.deletionText}</Box>
      <ApiCall
        calls={[{ service: "bedrock", operation: "DeleteInferenceProfile", input: { inferenceProfileIdentifier: profile.arn } }]}
        variant="inline-link"
      />
    </Dialog>
  );
}
