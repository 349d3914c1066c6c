/** Writes an inline policy of a user or a role, or changes one. */

import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import Textarea from "@cloudscape-design/components/textarea";
import { useState } from "react";
import { useSession } from "../../../app/session";
import { Dialog } from "../../../parts/Dialog";
import { send } from "../../keys/create/making";
import { documentOf } from "../../keys/reach/scopes";
import { indented } from "../Document";
import { usePeopleTexts } from "../texts";
import { callOf, type Holder } from "./holder";
import { usePolicyTexts } from "./texts";

const ROWS = 18;

interface Shown {
  holder: Holder;
  policy: { name: string; document: string } | null;
  onDone: () => void;
  onClose: () => void;
}

export function Writing({ holder, policy, onDone, onClose }: Shown) {
  const texts = usePeopleTexts();
  const own = usePolicyTexts();
  const { api } = useSession();
  const [name, setName] = useState(policy?.name ?? "");
  const [document, setDocument] = useState(() => indented(policy?.document ?? documentOf("ask")));
  const call = callOf(holder, "put", { policyName: name, policyDocument: document });
  return (
    <Dialog
      title={policy ? texts.policies.documentOf(policy.name) : own.write}
      action={texts.save}
      size="large"
      disabled={!/^[A-Za-z0-9+=,.@_-]{1,128}$/.test(name)}
      calls={[call]}
      onClose={onClose}
      onAction={async () => {
        await send(api, call);
        onDone();
      }}
    >
      <FormField label={texts.name} constraintText={texts.users.nameText}>
        <Input value={name} disabled={policy !== null} onChange={({ detail }) => setName(detail.value)} />
      </FormField>
      <FormField label={own.document} constraintText={own.documentText} stretch>
        <Textarea value={document} rows={ROWS} spellcheck={false} onChange={({ detail }) => setDocument(detail.value)} />
      </FormField>
    </Dialog>
  );
}
