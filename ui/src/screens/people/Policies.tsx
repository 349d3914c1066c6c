/** The managed policies: those of every account, and the account's own. */

import { useCallback } from "react";
import type { Api } from "../../api/api";
import { useCall } from "../../api/polling";
import type { ManagedPolicy } from "../../api/shapes";
import { useSession } from "../../app/session";
import { pages } from "../usage/limits/limits";
import { Document } from "./Document";
import { Listing } from "./Listing";
import { usePeopleTexts } from "./texts";

export function listPolicies(api: Api, signal: AbortSignal): Promise<ManagedPolicy[]> {
  return pages(async (nextToken) => {
    const answer = await api.craton("ListPolicies", { maxResults: 1000, ...nextToken }, signal);
    return [answer.policies, answer.nextToken];
  });
}

export function Policies() {
  const texts = usePeopleTexts();
  const { api } = useSession();
  const asked = useCall(useCallback((signal: AbortSignal) => listPolicies(api, signal), [api]));
  return (
    <Listing<ManagedPolicy>
      title={texts.tabs.policies}
      text={texts.policies.text}
      asked={asked}
      calls={[{ service: "craton", operation: "ListPolicies", input: { maxResults: 1000 } }]}
      nameOf={({ policyName }) => policyName}
      empty={null}
      columns={[
        { id: "name", header: texts.name, isRowHeader: true, minWidth: 220, cell: ({ policyName }) => policyName },
        { id: "description", header: texts.policies.description, minWidth: 240, cell: ({ description }) => description || texts.none },
        {
          id: "owner",
          header: texts.policies.owner,
          minWidth: 130,
          cell: ({ policyArn }) => (policyArn.startsWith("arn:aws:iam::aws:") ? texts.policies.owners.all : texts.policies.owners.own),
        },
        {
          id: "document",
          header: texts.user.document,
          minWidth: 110,
          cell: ({ policyName, policyDocument }) => policyDocument && <Document title={texts.policies.documentOf(policyName)} text={policyDocument} />,
        },
      ]}
    />
  );
}
