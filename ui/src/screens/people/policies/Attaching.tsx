/** Attaches a managed policy to a user or a role. */

import ExpandableSection from "@cloudscape-design/components/expandable-section";
import FormField from "@cloudscape-design/components/form-field";
import Select from "@cloudscape-design/components/select";
import { useCallback, useState } from "react";
import { useCall } from "../../../api/polling";
import { useSession } from "../../../app/session";
import { Dialog } from "../../../parts/Dialog";
import { Failed } from "../../../parts/Failed";
import { ApiCall } from "../../../parts/ApiCall";
import { Code } from "../../../parts/Code";
import { useSearchable } from "../../../parts/useSearchable";
import { send } from "../../keys/create/making";
import { indented } from "../Document";
import { listPolicies } from "../Policies";
import { callOf, type Holder } from "./holder";
import { usePolicyTexts } from "./texts";

interface Shown {
  holder: Holder;
  /** Names of those that are attached already. */
  has: string[];
  onDone: () => void;
  onClose: () => void;
}

export function Attaching({ holder, has, onDone, onClose }: Shown) {
  const own = usePolicyTexts();
  const { api } = useSession();
  const { answer, failure, loading } = useCall(useCallback((signal: AbortSignal) => listPolicies(api, signal), [api]));
  const [chosen, setChosen] = useState<string | null>(null);
  const search = useSearchable(answer?.length ?? 0);
  const policy = answer?.find(({ policyArn }) => policyArn === chosen);
  const options = (answer ?? [])
    .filter(({ policyName }) => !has.includes(policyName))
    .map(({ policyArn, policyName, description = "" }) => ({ value: policyArn, label: policyName, description }));
  return (
    <Dialog
      title={own.attach}
      action={own.attach}
      disabled={chosen === null}
      onClose={onClose}
      onAction={async () => {
        if (chosen === null) return;
        await send(api, callOf(holder, "attach", { policyArn: chosen }));
        onDone();
      }}
    >
      {failure && <Failed failure={failure} />}
      <FormField label={own.policy}>
        <Select
          selectedOption={options.find(({ value }) => value === chosen) ?? null}
          options={options}
          placeholder={own.choose}
          statusType={loading ? "loading" : "finished"}
          {...search}
          expandToViewport
          onChange={({ detail }) => setChosen(detail.selectedOption.value ?? null)}
        />
      </FormField>
      {policy?.policyDocument && (
        <ExpandableSection headerText={own.whatItSays(policy.policyName)} variant="footer">
          <Code code={indented(policy.policyDocument)} language={null} label={policy.policyName} />
        </ExpandableSection>
      )}
      <ApiCall variant="inline-link" calls={chosen === null ? [] : [callOf(holder, "attach", { policyArn: chosen })]} />
    </Dialog>
  );
}
