/** The managed policies: those of every account, and the account's own. */

import Button from "@cloudscape-design/components/button";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useCallback, useState } from "react";
import type { Api } from "../../api/api";
import { useCall } from "../../api/polling";
import type { ManagedPolicy } from "../../api/shapes";
import { useSession } from "../../app/session";
import { pages } from "../usage/limits/limits";
import { Document } from "./Document";
import { Listing } from "./Listing";
import { usePolicyTexts } from "./policies/texts";
import { DeleteManaged, WriteManaged } from "./policies/WriteManaged";
import { usePeopleTexts } from "./texts";

export function listPolicies(api: Api, signal: AbortSignal): Promise<ManagedPolicy[]> {
  return pages(async (nextToken) => {
    const answer = await api.craton("ListPolicies", { maxResults: 1000, ...nextToken }, signal);
    return [answer.policies, answer.nextToken];
  });
}

type Doing = { what: "write"; policy: ManagedPolicy | null } | { what: "delete"; policy: ManagedPolicy };

export function Policies() {
  const texts = usePeopleTexts();
  const own = usePolicyTexts();
  const [doing, setDoing] = useState<Doing | null>(null);
  const { api } = useSession();
  const asked = useCall(useCallback((signal: AbortSignal) => listPolicies(api, signal), [api]));
  const close = () => setDoing(null);
  const done = () => {
    close();
    asked.again();
  };
  return (
    <>
      <Listing<ManagedPolicy>
        title={texts.tabs.policies}
        text={texts.policies.text}
        asked={asked}
        calls={[{ service: "craton", operation: "ListPolicies", input: { maxResults: 1000 } }]}
        nameOf={({ policyName }) => policyName}
        empty={null}
        actions={
          <Button variant="primary" onClick={() => setDoing({ what: "write", policy: null })}>
            {own.create}
          </Button>
        }
        columns={[
          { id: "name", header: texts.name, isRowHeader: true, minWidth: 220, cell: ({ policyName }) => policyName },
          { id: "description", header: texts.policies.description, minWidth: 240, cell: ({ description }) => description || texts.none },
          {
            id: "owner",
            header: texts.policies.owner,
            minWidth: 130,
            cell: ({ policyArn }) => (isGiven(policyArn) ? texts.policies.owners.all : texts.policies.owners.own),
          },
          {
            id: "document",
            header: texts.user.document,
            minWidth: 110,
            cell: (policy) => policy.policyDocument && <Document title={texts.policies.documentOf(policy.policyName)} text={policy.policyDocument} />,
          },
          {
            id: "acts",
            header: texts.actions,
            minWidth: 190,
            cell: (policy) =>
              !isGiven(policy.policyArn) && (
                <SpaceBetween direction="horizontal" size="xs">
                  <Button variant="inline-link" ariaLabel={`${own.change}: ${policy.policyName}`} onClick={() => setDoing({ what: "write", policy })}>
                    {own.change}
                  </Button>
                  <Button variant="inline-link" ariaLabel={`${texts.delete}: ${policy.policyName}`} onClick={() => setDoing({ what: "delete", policy })}>
                    {texts.delete}
                  </Button>
                </SpaceBetween>
              ),
          },
        ]}
      />
      {doing?.what === "write" && <WriteManaged policy={doing.policy} onDone={done} onClose={close} />}
      {doing?.what === "delete" && <DeleteManaged policy={doing.policy} onDone={done} onClose={close} />}
    </>
  );
}

/** Those of every account belong to nobody, and cannot be changed. */
function isGiven(arn: string): boolean {
  return arn.startsWith("arn:aws:iam::aws:");
}
