/** What the screens of guardrails ask of the API. */

import {
  type GetGuardrailCommandOutput,
  GetGuardrailCommand,
  type GuardrailSummary,
  paginateListAutomatedReasoningPolicies,
  paginateListGuardrails,
} from "@aws-sdk/client-bedrock";
import type { Api } from "../../api/api";
import type { Call } from "../../api/call";

export const DRAFT = "DRAFT";

export type Told = Omit<GetGuardrailCommandOutput, "$metadata">;

export async function listGuardrails(api: Api, signal: AbortSignal): Promise<GuardrailSummary[]> {
  const all: GuardrailSummary[] = [];
  for await (const page of paginateListGuardrails({ client: api.bedrock }, {}, { abortSignal: signal })) {
    all.push(...(page.guardrails ?? []));
  }
  return all;
}

/** The versions of one, the newest first; the draft is not among them. */
export async function listVersions(api: Api, id: string, signal?: AbortSignal): Promise<GuardrailSummary[]> {
  const all: GuardrailSummary[] = [];
  const input = { guardrailIdentifier: id };
  for await (const page of paginateListGuardrails({ client: api.bedrock }, input, signal && { abortSignal: signal })) {
    all.push(...(page.guardrails ?? []));
  }
  return all.filter(({ version }) => version !== DRAFT).sort((one, other) => Number(other.version) - Number(one.version));
}

export async function getGuardrail(api: Api, id: string, version: string, signal?: AbortSignal): Promise<Told> {
  const command = new GetGuardrailCommand({ guardrailIdentifier: id, guardrailVersion: version });
  return api.bedrock.send(command, signal && { abortSignal: signal });
}

export interface Whole {
  draft: Told;
  versions: GuardrailSummary[];
}

export async function getWhole(api: Api, id: string, signal?: AbortSignal): Promise<Whole> {
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

/** What a guardrail can name: each version of each policy, and those without one as they are now. */
export async function listReasoning(api: Api, signal: AbortSignal): Promise<ReasoningPolicy[]> {
  const config = [{ client: api.bedrock }, { abortSignal: signal }] as const;
  const all: ReasoningPolicy[] = [];
  for await (const page of paginateListAutomatedReasoningPolicies(config[0], {}, config[1])) {
    for (const { policyArn } of page.automatedReasoningPolicySummaries ?? []) {
      for await (const versions of paginateListAutomatedReasoningPolicies(config[0], { policyArn }, config[1])) {
        for (const { policyArn: arn = "", name = "", version = DRAFT } of versions.automatedReasoningPolicySummaries ?? []) {
          all.push({ arn, name, version });
        }
      }
    }
  }
  return all;
}

