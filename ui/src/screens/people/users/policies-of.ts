/** The policies of one user, with the documents of those that are its own. */

import type { Api } from "../../../api/api";

export type Policy = { name: string; kind: "attached"; arn: string } | { name: string; kind: "inline"; document: string };

export async function policiesOf(api: Api, userName: string, signal: AbortSignal): Promise<Policy[]> {
  const [{ attachedPolicies }, { policyNames }] = await Promise.all([
    api.craton("ListAttachedUserPolicies", { userName }, signal),
    api.craton("ListUserPolicies", { userName }, signal),
  ]);
  const documents = await Promise.all(policyNames.map((policyName) => api.craton("GetUserPolicy", { userName, policyName }, signal)));
  return [
    ...attachedPolicies.map(({ policyName, policyArn }): Policy => ({ name: policyName, kind: "attached", arn: policyArn })),
    ...documents.map(({ policyName, policyDocument }): Policy => ({ name: policyName, kind: "inline", document: policyDocument })),
  ];
}
