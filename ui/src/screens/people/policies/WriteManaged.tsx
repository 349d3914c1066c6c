/** Makes a managed policy of the account, or changes what one says. */

import Alert from "@cloudscape-design/components/alert";
import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import Textarea from "@cloudscape-design/components/textarea";
import { useState } from "react";
import type { Call } from "../../../api/call";
import type { ManagedPolicy } from "../../../api/shapes";
import { useSession } from "../../../app/session";
import { ApiCall } from "../../../parts/ApiCall";
import { Dialog } from "../../../parts/Dialog";
import { send } from "../../keys/create/making";
import { documentOf } from "../../keys/reach/scopes";
import { indented } from "../Document";
import { usePeopleTexts } from "../texts";
import { usePolicyTexts } from "./texts";

const ROWS = 16;

interface Shown {
  /** None where it is a new one. */
  policy: ManagedPolicy | null;
  onDone: () => void;
  onClose: () => void;
}

export function WriteManaged({ policy, onDone, onClose }: Shown) {
  const texts = usePeopleTexts();
  const own = usePolicyTexts();
  const { api } = useSession();
  const [policyName, setName] = useState(policy?.policyName ?? "");
  const [description, setDescription] = useState(policy?.description ?? "");
  const [policyDocument, setDocument] = useState(() => indented(policy?.policyDocument ?? documentOf("ask")));
  const named = /^[A-Za-z0-9+=,.@_-]{1,128}$/.test(policyName);
  const call: Call = policy
    ? { service: "craton", operation: "UpdatePolicy", input: { policyArn: policy.policyArn, policyDocument } }
    : { service: "craton", operation: "CreatePolicy", input: { policyName, policyDocument, ...(description.trim() && { description: description.trim() }) } };
  return (
    <Dialog
      title={policy ? texts.policies.documentOf(policy.policyName) : own.create}
      action={policy ? texts.save : own.create}
      size="large"
      disabled={!named || !policyDocument.trim()}
      onClose={onClose}
      onAction={async () => {
        await send(api, call);
        onDone();
      }}
    >
      {policy && <Alert type="info">{own.countsForAll}</Alert>}
      {!policy && (
        <div className="pair">
          <FormField label={texts.name} constraintText={texts.users.nameText} errorText={policyName && !named && texts.users.nameText}>
            <Input value={policyName} autoFocus spellcheck={false} onChange={({ detail }) => setName(detail.value)} />
          </FormField>
          <FormField label={texts.policies.description} constraintText={own.descriptionText}>
            <Input value={description} onChange={({ detail }) => setDescription(detail.value)} />
          </FormField>
        </div>
      )}
      <FormField label={own.document} constraintText={own.documentText} stretch>
        <Textarea value={policyDocument} rows={ROWS} spellcheck={false} onChange={({ detail }) => setDocument(detail.value)} />
      </FormField>
      <ApiCall variant="inline-link" calls={named ? [call] : []} />
    </Dialog>
  );
}

export function DeleteManaged({ policy: { policyName, policyArn }, onDone, onClose }: Shown & { policy: ManagedPolicy }) {
  const texts = usePeopleTexts();
  const own = usePolicyTexts();
  const { api } = useSession();
  const call: Call = { service: "craton", operation: "DeletePolicy", input: { policyArn } };
  return (
    <Dialog
      title={own.remove(policyName)}
      action={texts.delete}
      onClose={onClose}
      onAction={async () => {
        await send(api, call);
        onDone();
      }}
    >
      <div>{own.deleteManagedText}</div>
      <ApiCall variant="inline-link" calls={[call]} />
    </Dialog>
  );
}
