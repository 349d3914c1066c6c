/** Inference profiles, as Bedrock tells of them. */

import {
  CreateInferenceProfileCommand,
  DeleteInferenceProfileCommand,
  type InferenceProfileSummary,
  paginateListInferenceProfiles,
} from "@aws-sdk/client-bedrock";
import type { Api } from "../../../api/api";
import type { Call } from "../../../api/call";

export interface Profile {
  id: string;
  arn: string;
  name: string;
  type: string;
  /** Of its models; several where it has targets. */
  modelIds: string[];
  description?: string;
  createdAt?: Date;
}

export const PROFILES_CALL: Call = { service: "bedrock", operation: "ListInferenceProfiles", input: {} };

export async function listProfiles(api: Api, signal: AbortSignal): Promise<Profile[]> {
  const all: Profile[] = [];
  for await (const { inferenceProfileSummaries } of paginateListInferenceProfiles({ client: api.bedrock }, {}, { abortSignal: signal })) {
    all.push(...(inferenceProfileSummaries ?? []).map(profileOf));
  }
  return all;
}

function profileOf(summary: InferenceProfileSummary): Profile {
  const { inferenceProfileId, inferenceProfileArn, inferenceProfileName, type, models, description, createdAt } = summary;
  return {
    id: inferenceProfileId ?? "",
    arn: inferenceProfileArn ?? "",
    name: inferenceProfileName ?? "",
    type: type ?? "",
    modelIds: [...new Set((models ?? []).flatMap(({ modelArn }) => (modelArn ? nameIn(modelArn) : [])))],
    ...(description && type === "APPLICATION" && { description }), // those of the system only repeat their name
    ...(createdAt && { createdAt }),
  };
}

/** Of arn:aws:bedrock:us-east-1::foundation-model/ID the id. */
export function nameIn(arn: string): string {
  return arn.slice(arn.indexOf("/") + 1);
}

export function modelArn(region: string, id: string): string {
  return `arn:aws:bedrock:${region}::foundation-model/${id}`;
}

export interface NewProfile {
  name: string;
  description: string;
  modelId: string;
}

/** What Bedrock allows as a name, and as a description. */
export const NAME = /^([0-9a-zA-Z][ _-]?)+$/;
export const DESCRIPTION = /^([0-9a-zA-Z:.][ _-]?)*$/;

export function creation({ name, description, modelId }: NewProfile, region: string) {
  const input = {
    inferenceProfileName: name.trim(),
    ...(description.trim() && { description: description.trim() }),
    modelSource: { copyFrom: modelArn(region, modelId) },
  };
  return { input, call: { service: "bedrock", operation: "CreateInferenceProfile", input } satisfies Call };
}

export async function create(api: Api, profile: NewProfile): Promise<void> {
  await api.bedrock.send(new CreateInferenceProfileCommand(creation(profile, api.region).input));
}

export async function remove(api: Api, { arn }: Profile): Promise<void> {
  await api.bedrock.send(new DeleteInferenceProfileCommand({ inferenceProfileIdentifier: arn }));
}
