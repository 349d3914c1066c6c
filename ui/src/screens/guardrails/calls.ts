/** What the screens of guardrails ask of the API. */

import {
  type AutomatedReasoningPolicySummary,
  type GetGuardrailCommandOutput,
  GetGuardrailCommand,
  type GuardrailSummary,
  paginateListAutomatedReasoningPolicies,
  paginateListGuardrails,
} from "@aws-sdk/client-bedrock";
import type { Api } from "../../api/api";
import type { Call } from "../../api/call";
import { collected } from "./pages";

export const DRAFT = "DRAFT";

export type Told = Omit<GetGuardrailCommandOutput, "$metadata">;

export function listGuardrails(api: Api, signal: AbortSignal): Promise<GuardrailSummary[]> {
  return collected(paginateListGuardrails({ client: api.bedrock }, {}, { abortSignal: signal }), ({ guardrails }) => guardrails);
}

/** The versions of one, the newest first; the draft is not among them. */
export async function listVersions(api: Api, id: string, signal: AbortSignal): Promise<GuardrailSummary[]> {
  const pages = paginateListGuardrails({ client: api.bedrock }, { guardrailIdentifier: id }, { abortSignal: signal });
  const all = await collected(pages, ({ guardrails }) => guardrails);
  return all.filter(({ version }) => version !== DRAFT).sort((one, other) => Number(other.version) - Number(one.version));
}

export async function getGuardrail(api: Api, id: string, version: string, signal: AbortSignal): Promise<Told> {
  const command = new GetGuardrailCommand({ guardrailIdentifier: id, guardrailVersion: version });
  return api.bedrock.send(command, { abortSignal: signal });
}

export interface Whole {
  draft: Told;
  versions: GuardrailSummary[];
}

export async function getWhole(api: Api, id: string, signal: AbortSignal): Promise<Whole> {
  const [draft, versions] = await Promise.all([getGuardrail(api, id, DRAFT, signal), listVersions(api, id, signal)]);
  return { draft, versions };
}

export function callsFor(id: string): Call[] {
  return [
    { service: "bedrock", operation: "GetGuardrail", input: { guardrailIdentifier: id, guardrailVersion: DRAFT } },
    { service: "bedrock", operation: "ListGuardrails", input: { guardrailIdentifier: id } },
  ];
}

export interface ReasoningPolicy {
  arn: string;
  name: string;
  version: string;
}

/** What a guardrail can name: each version of each policy, and each as it is now. */
export async function listReasoning(api: Api, signal: AbortSignal): Promise<ReasoningPolicy[]> {
  const policies = await listPolicies(api, signal);
  const versions = await Promise.all(policies.map(({ policyArn }) => listPolicies(api, signal, policyArn)));
  return versions.flat().map(({ policyArn: arn = "", name = "", version = DRAFT }) => ({ arn, name, version }));
}

/** Of one policy: itself and its versions. */
export function listPolicies(api: Api, signal: AbortSignal, policyArn?: string): Promise<AutomatedReasoningPolicySummary[]> {
  const pages = paginateListAutomatedReasoningPolicies({ client: api.bedrock }, policyArn ? { policyArn } : {}, { abortSignal: signal });
  return collected(pages, ({ automatedReasoningPolicySummaries }) => automatedReasoningPolicySummaries);
}
