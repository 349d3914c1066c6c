/** The accounts of this server, for its operator. */

import Button from "@cloudscape-design/components/button";
import Link from "@cloudscape-design/components/link";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import { useCallback, useState } from "react";
import type { Api } from "../../../api/api";
import { useCall } from "../../../api/polling";
import type { Account } from "../../../api/shapes";
import { follow, href } from "../../../app/address";
import { useSession } from "../../../app/session";
import { useFormats } from "../../../texts/texts";
import { pages } from "../../usage/limits/limits";
import { Listing } from "../Listing";
import { usePeopleTexts } from "../texts";
import { AccountActs } from "./AccountActs";
import { CreateAccount } from "./CreateAccount";

function listAccounts(api: Api, signal: AbortSignal): Promise<Account[]> {
  return pages(async (nextToken) => {
    const answer = await api.craton("ListAccounts", { maxResults: 1000, ...nextToken }, signal);
    return [answer.accounts, answer.nextToken];
  });
}

export function Accounts({ operator }: { operator: boolean }) {
  const texts = usePeopleTexts();
  const { accounts } = texts;
  const formats = useFormats();
  const { api, caller } = useSession();
  const [creating, setCreating] = useState(false);
  const asked = useCall(useCallback((signal: AbortSignal) => listAccounts(api, signal), [api]));
  return (
    <>
      <Listing<Account>
        title={texts.tabs.accounts}
        text={accounts.text}
        asked={asked}
        calls={[{ service: "craton", operation: "ListAccounts", input: { maxResults: 1000 } }]}
        nameOf={({ accountName, accountId }) => `${accountName} ${accountId}`}
        empty={null}
        actions={
          operator && (
            <Button variant="primary" onClick={() => setCreating(true)}>
              {accounts.create}
            </Button>
          )
        }
        columns={[
          {
            id: "name",
            header: texts.name,
            isRowHeader: true,
            minWidth: 180,
            cell: ({ accountName, accountId }) => (accountId === caller.account ? `${accountName} (${accounts.yours})` : accountName),
          },
          { id: "id", header: accounts.id, minWidth: 140, cell: ({ accountId }) => accountId },
          {
            id: "status",
            header: accounts.status,
            minWidth: 120,
            cell: ({ status }) => <StatusIndicator type={status === "ACTIVE" ? "success" : "stopped"}>{accounts.statuses[status]}</StatusIndicator>,
          },
          { id: "created", header: texts.created, minWidth: 170, cell: ({ createdAt }) => formats.minute(new Date(createdAt)) },
          {
            id: "usage",
            header: accounts.usage,
            minWidth: 100,
            cell: ({ accountId }) => (
              <Link href={`${href("/usage")}#account=${accountId}`} onFollow={follow} ariaLabel={`${accounts.usage}: ${accountId}`}>
                {accounts.usage}
              </Link>
            ),
          },
          {
            id: "acts",
            header: texts.actions,
            minWidth: 90,
            cell: (account) => operator && account.accountId !== caller.account && <AccountActs of={account} onDone={asked.again} />,
          },
        ]}
      />
      {creating && <CreateAccount onDone={asked.again} onClose={() => setCreating(false)} />}
    </>
  );
}
