/** The models that knowledge bases ask: those that embed, and those that answer. */

import { type FoundationModelSummary, ListFoundationModelsCommand } from "@aws-sdk/client-bedrock";
import { failureOf } from "../../api/failure";
import { isHere, joined } from "../../api/models";
import type { LocalModel } from "../../api/shapes";
import type { Clients } from "./clients";

export interface NamedModel {
  arn: string;
  id: string;
  name: string;
  provider: string;
}

export function textModels(clients: Clients, signal: AbortSignal): Promise<NamedModel[]> {
  return listed(clients, "TEXT", signal);
}

export function embeddingModels(clients: Clients, signal: AbortSignal): Promise<NamedModel[]> {
  return listed(clients, "EMBEDDING", signal);
}

/** Those of this machine first, since nothing leaves it then. */
async function listed({ bedrock, craton }: Clients, byOutputModality: "TEXT" | "EMBEDDING", signal: AbortSignal): Promise<NamedModel[]> {
  const [{ modelSummaries = [] }, local] = await Promise.all([
    bedrock.send(new ListFoundationModelsCommand({ byOutputModality }), { abortSignal: signal }),
    craton("ListLocalModels", {}, signal).catch(unseen),
  ]);
  const here = new Set(joined(modelSummaries, local.models).filter(isHere).map(({ id }) => id));
  const rank = ({ modelId = "" }: FoundationModelSummary) => (here.has(modelId) ? 0 : 1);
  return modelSummaries.toSorted((one, other) => rank(one) - rank(other)).map(named);
}

/** Who may not see the models of the machine may still ask them. */
function unseen(error: unknown): { models: LocalModel[] } {
  if (failureOf(error).code !== "AccessDeniedException") throw error;
  return { models: [] };
}

function named({ modelArn = "", modelId = "", modelName, providerName = "" }: FoundationModelSummary): NamedModel {
  return { arn: modelArn, id: modelId, name: modelName ?? modelId, provider: providerName };
}
