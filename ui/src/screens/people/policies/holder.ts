/** Whoever has policies, a user or a role, and what is asked about them. */

import type { Api } from "../../../api/api";
import type { Call } from "../../../api/call";
import type { AttachedPolicy } from "../../../api/shapes";
import { send } from "../../keys/create/making";

export interface Holder {
  kind: "user" | "role";
  name: string;
}

export type Policy = { name: string; kind: "attached"; arn: string } | { name: string; kind: "inline"; document: string };

const OPERATIONS = {
  user: {
    attached: "ListAttachedUserPolicies",
    written: "ListUserPolicies",
    get: "GetUserPolicy",
    put: "PutUserPolicy",
    delete: "DeleteUserPolicy",
    attach: "AttachUserPolicy",
    detach: "DetachUserPolicy",
  },
  role: {
    attached: "ListAttachedRolePolicies",
    written: "ListRolePolicies",
    get: "GetRolePolicy",
    put: "PutRolePolicy",
    delete: "DeleteRolePolicy",
    attach: "AttachRolePolicy",
    detach: "DetachRolePolicy",
  },
} as const;
export type Act = keyof (typeof OPERATIONS)["user"];

export function callOf({ kind, name }: Holder, act: Act, members: Record<string, string> = {}): Call {
  return { service: "craton", operation: OPERATIONS[kind][act], input: { [kind === "user" ? "userName" : "roleName"]: name, ...members } };
}

/** With the documents of those that are its own. */
export async function policiesOf(api: Api, holder: Holder): Promise<Policy[]> {
  const [{ attachedPolicies }, { policyNames }] = (await Promise.all([send(api, callOf(holder, "attached")), send(api, callOf(holder, "written"))])) as [
    { attachedPolicies: AttachedPolicy[] },
    { policyNames: string[] },
  ];
  const documents = await Promise.all(policyNames.map((policyName) => send(api, callOf(holder, "get", { policyName }))));
  return [
    ...attachedPolicies.map(({ policyName, policyArn }): Policy => ({ name: policyName, kind: "attached", arn: policyArn })),
    ...(documents as { policyName: string; policyDocument: string }[]).map(
      ({ policyName, policyDocument }): Policy => ({ name: policyName, kind: "inline", document: policyDocument }),
    ),
  ];
}
