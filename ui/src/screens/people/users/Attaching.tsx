/** Attaches a managed policy to a user. */

import FormField from "@cloudscape-design/components/form-field";
import Select from "@cloudscape-design/components/select";
import { useCallback, useState } from "react";
import { useCall } from "../../../api/polling";
import { useSession } from "../../../app/session";
import { Dialog } from "../../../parts/Dialog";
import { Failed } from "../../../parts/Failed";
import { listPolicies } from "../Policies";
import { usePeopleTexts } from "../texts";

interface Shown {
  userName: string;
  /** Names of those that are attached already. */
  has: string[];
  onDone: () => void;
  onClose: () => void;
}

export function Attaching({ userName, has, onDone, onClose }: Shown) {
  const { user } = usePeopleTexts();
  const { api } = useSession();
  const { answer, failure, loading } = useCall(useCallback((signal: AbortSignal) => listPolicies(api, signal), [api]));
  const [chosen, setChosen] = useState<string | null>(null);
  const options = (answer ?? [])
    .filter(({ policyName }) => !has.includes(policyName))
    .map(({ policyArn, policyName, description = "" }) => ({ value: policyArn, label: policyName, description }));
  return (
    <Dialog
      title={user.attach}
      action={user.attach}
      disabled={chosen === null}
      onClose={onClose}
      onAction={async () => {
        if (chosen === null) return;
        await api.craton("AttachUserPolicy", { userName, policyArn: chosen });
        onDone();
      }}
    >
      {failure && <Failed failure={failure} />}
      <FormField label={user.policy}>
        <Select
          selectedOption={options.find(({ value }) => value === chosen) ?? null}
          options={options}
          placeholder={user.choose}
          statusType={loading ? "loading" : "finished"}
          filteringType="auto"
          expandToViewport
          onChange={({ detail }) => setChosen(detail.selectedOption.value ?? null)}
        />
      </FormField>
    </Dialog>
  );
}
