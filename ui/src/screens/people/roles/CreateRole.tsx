/** Makes a role: its name, whom it trusts, and a first policy. */

import Box from "@cloudscape-design/components/box";
import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import Select from "@cloudscape-design/components/select";
import { useCallback, useState } from "react";
import type { Call } from "../../../api/call";
import { useCall } from "../../../api/polling";
import { go } from "../../../app/address";
import { useSession } from "../../../app/session";
import { ApiCall } from "../../../parts/ApiCall";
import { Dialog } from "../../../parts/Dialog";
import { validUser } from "../../keys/create/holder-form";
import { send } from "../../keys/create/making";
import { listPolicies } from "../Policies";
import { callOf } from "../policies/holder";
import { usePolicyTexts } from "../policies/texts";
import { usePeopleTexts } from "../texts";
import { useRoleTexts } from "./texts";
import { documentOf, OWN_ACCOUNT } from "./trust";
import { TrustFields } from "./TrustFields";

export function addressOf(roleName: string): string {
  return `/people/roles/${encodeURIComponent(roleName)}`;
}

export function CreateRole({ onClose }: { onClose: () => void }) {
  const texts = usePeopleTexts();
  const policies = usePolicyTexts();
  const own = useRoleTexts();
  const { api, caller } = useSession();
  const { answer, loading } = useCall(useCallback((signal: AbortSignal) => listPolicies(api, signal), [api]));
  const [roleName, setName] = useState("");
  const [description, setDescription] = useState("");
  const [trust, setTrust] = useState<string | null>(() => documentOf(OWN_ACCOUNT, caller.account));
  const [policyArn, setPolicy] = useState<string | null>(null);
  const [shown] = useState(trust ?? "");
  const options = (answer ?? []).map((policy) => ({ value: policy.policyArn, label: policy.policyName, description: policy.description ?? "" }));
  const input = { roleName, assumeRolePolicyDocument: trust, ...(description.trim() && { description: description.trim() }) };
  const calls: Call[] = [
    { service: "craton", operation: "CreateRole", input },
    ...(policyArn ? [callOf({ kind: "role", name: roleName }, "attach", { policyArn })] : []),
  ];
  return (
    <Dialog
      title={own.create}
      action={own.create}
      size="large"
      disabled={!validUser(roleName) || trust === null}
      onClose={onClose}
      onAction={async () => {
        for (const call of calls) await send(api, call);
        go(addressOf(roleName));
      }}
    >
      <Box color="text-body-secondary">{own.createText}</Box>
      <div className="pair">
        <FormField label={texts.name} constraintText={texts.users.nameText} errorText={roleName && !validUser(roleName) && texts.users.nameText}>
          <Input value={roleName} autoFocus spellcheck={false} onChange={({ detail }) => setName(detail.value)} />
        </FormField>
        <FormField label={own.description}>
          <Input value={description} onChange={({ detail }) => setDescription(detail.value)} />
        </FormField>
      </div>
      <FormField label={policies.policy}>
        <Select
          selectedOption={options.find(({ value }) => value === policyArn) ?? null}
          options={options}
          placeholder={own.noPolicy}
          statusType={loading ? "loading" : "finished"}
          expandToViewport
          onChange={({ detail }) => setPolicy(detail.selectedOption.value ?? null)}
        />
      </FormField>
      <TrustFields owner={caller.account} document={trust ?? shown} onChange={setTrust} />
      <ApiCall variant="inline-link" calls={trust !== null && validUser(roleName) ? calls : []} />
    </Dialog>
  );
}
