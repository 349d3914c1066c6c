/** What the operator can do with an account. */

import ButtonDropdown from "@cloudscape-design/components/button-dropdown";
import { useState } from "react";
import type { Account } from "../../../api/shapes";
import { useSession } from "../../../app/session";
import { ApiCall } from "../../../parts/ApiCall";
import { Dialog } from "../../../parts/Dialog";
import { usePeopleTexts } from "../texts";

type Act = "suspend" | "activate" | "delete";
const OPERATIONS = { suspend: "SuspendAccount", activate: "ActivateAccount", delete: "DeleteAccount" } as const;

export function AccountActs({ of: { accountId, accountName, status }, onDone }: { of: Account; onDone: () => void }) {
  const { accounts, delete: remove, actions } = usePeopleTexts();
  const { api } = useSession();
  const [doing, setDoing] = useState<Act | null>(null);
  const labels = { suspend: accounts.suspend, activate: accounts.activate, delete: remove };
  const titles = { suspend: accounts.suspendTitle(accountName), activate: `${accounts.activate}: ${accountName}`, delete: accounts.deleteTitle(accountName) };
  const told = { suspend: accounts.suspendText, activate: "", delete: accounts.deleteText };
  const turned: Act = status === "ACTIVE" ? "suspend" : "activate";
  return (
    <>
      <ButtonDropdown
        variant="icon"
        ariaLabel={`${actions}: ${accountName}`}
        expandToViewport
        items={[turned, "delete" as const].map((id) => ({ id, text: labels[id] }))}
        onItemClick={({ detail }) => setDoing(detail.id as Act)}
      />
      {doing && (
        <Dialog
          title={titles[doing]}
          action={labels[doing]}
          onClose={() => setDoing(null)}
          onAction={async () => {
            await api.craton(OPERATIONS[doing], { accountId });
            setDoing(null);
            onDone();
          }}
        >
          {told[doing]}
          <ApiCall variant="inline-link" calls={[{ service: "craton", operation: OPERATIONS[doing], input: { accountId } }]} />
        </Dialog>
      )}
    </>
  );
}
