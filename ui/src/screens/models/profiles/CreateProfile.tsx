/** A new inference profile of one's own. */

import Box from "@cloudscape-design/components/box";
import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import Select from "@cloudscape-design/components/select";
import { useState } from "react";
import type { Model } from "../../../api/models";
import { useSession } from "../../../app/session";
import { ApiCall } from "../../../parts/ApiCall";
import { Dialog } from "../../../parts/Dialog";
import { useSearchable } from "../../../parts/useSearchable";
import { create, creation, DESCRIPTION, NAME } from "./profiles";
import { useProfilesTexts } from "./texts";

interface Shown {
  /** Those that it may be made of. */
  models: Model[];
  onClose: () => void;
  onCreated: () => void;
}

export function CreateProfile({ models, onClose, onCreated }: Shown) {
  const { profiles } = useProfilesTexts();
  const { api } = useSession();
  const [profile, setProfile] = useState({ name: "", description: "", modelId: models.length === 1 ? (models[0]?.id ?? "") : "" });
  const [tried, setTried] = useState(false);
  const wrong = {
    name: NAME.test(profile.name.trim()) && profile.name.trim().length <= 64 ? "" : profiles.nameWrong,
    description: DESCRIPTION.test(profile.description.trim()) ? "" : profiles.descriptionWrong,
    modelId: profile.modelId ? "" : profiles.modelNeeded,
  };
  const fine = !Object.values(wrong).some(Boolean);
  const options = models.map(({ id, name }) => ({ value: id, label: name, description: id }));
  const search = useSearchable(options.length);

  async function submit(): Promise<void> {
    setTried(true);
    if (!fine) return;
    await create(api, profile);
    onCreated();
  }

  return (
    <Dialog title={profiles.title} action={profiles.create} onAction={submit} onClose={onClose}>
      <Box color="text-body-secondary">{profiles.createText}</Box>
      <FormField label={profiles.name} constraintText={profiles.nameHint} errorText={tried && wrong.name}>
        <Input value={profile.name} autoFocus autoComplete={false} onChange={({ detail }) => setProfile({ ...profile, name: detail.value })} />
      </FormField>
      <FormField label={profiles.model} errorText={tried && wrong.modelId}>
        <Select
          selectedOption={options.find(({ value }) => value === profile.modelId) ?? null}
          options={options}
          placeholder={profiles.choose}
          {...search}
          onChange={({ detail }) => setProfile({ ...profile, modelId: detail.selectedOption.value ?? "" })}
        />
      </FormField>
      <FormField label={profiles.descriptionOptional} errorText={tried && wrong.description}>
        <Input value={profile.description} onChange={({ detail }) => setProfile({ ...profile, description: detail.value })} />
      </FormField>
      <ApiCall calls={fine ? [creation(profile, api.region).call] : []} variant="inline-link" />
    </Dialog>
  );
}
