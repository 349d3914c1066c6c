/** Makes an account, and tells how its root gets a key. */

import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import Modal from "@cloudscape-design/components/modal";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import type { Account } from "../../../api/shapes";
import { useSession } from "../../../app/session";
import { Code } from "../../../parts/Code";
import { Dialog } from "../../../parts/Dialog";
import { usePeopleTexts } from "../texts";

export function CreateAccount({ onDone, onClose }: { onDone: () => void; onClose: () => void }) {
  const texts = usePeopleTexts();
  const { accounts } = texts;
  const { api } = useSession();
  const [name, setName] = useState("");
  const [id, setId] = useState("");
  const [made, setMade] = useState<Account | null>(null);
  if (made) {
    return (
      <Modal visible header={accounts.done} onDismiss={onClose}>
        <SpaceBetween size="s">
          {accounts.firstKey}
          <Code code={`craton keys create --account ${made.accountId}`} language="shell" label={accounts.firstKey} />
        </SpaceBetween>
      </Modal>
    );
  }
  const wrong = id !== "" && !/^\d{12}$/.test(id);
  const input = { accountName: name.trim(), ...(id && { accountId: id }) };
  return (
    <Dialog
      title={accounts.create}
      action={accounts.create}
      disabled={name.trim() === "" || wrong}
      calls={[{ service: "craton", operation: "CreateAccount", input }]}
      onClose={onClose}
      onAction={async () => {
        const { account } = await api.craton("CreateAccount", input);
        setMade(account);
        onDone();
      }}
    >
      <FormField label={texts.name}>
        <Input value={name} autoFocus onChange={({ detail }) => setName(detail.value)} />
      </FormField>
      <FormField label={accounts.id} constraintText={accounts.idText} errorText={wrong && accounts.notAnId}>
        <Input value={id} inputMode="numeric" onChange={({ detail }) => setId(detail.value)} />
      </FormField>
    </Dialog>
  );
}
