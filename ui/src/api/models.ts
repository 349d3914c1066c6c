/** The models: those that answer here, as Bedrock tells of them, joined with what Craton knows of the machine. */

import { type FoundationModelSummary, ListFoundationModelsCommand } from "@aws-sdk/client-bedrock";
import type { Api } from "./api";
import type { Call } from "./call";
import type { LocalModel } from "./shapes";

/** Loaded or installed here, at a provider, or not here but to be had. */
export const STATES = ["loaded", "installed", "remote", "fetchable"] as const;
export type State = (typeof STATES)[number];

export interface Model {
  id: string;
  name: string;
  state: State;
  provider?: string;
  takes: string[];
  makes: string[];
  streams?: boolean;
  local?: LocalModel;
}

export const MODELS_CALLS: Call[] = [
  { service: "bedrock", operation: "ListFoundationModels", input: {} },
  { service: "craton", operation: "ListLocalModels", input: {} },
];

export async function listModels(api: Api, signal: AbortSignal): Promise<Model[]> {
  const [told, local] = await Promise.all([
    api.bedrock.send(new ListFoundationModelsCommand({}), { abortSignal: signal }),
    api.craton("ListLocalModels", {}, signal),
  ]);
  return joined(told.modelSummaries ?? [], local.models);
}

export async function listTextModels(api: Api, signal: AbortSignal): Promise<Model[]> {
  const command = new ListFoundationModelsCommand({ byOutputModality: "TEXT" });
  const told = await api.bedrock.send(command, { abortSignal: signal });
  return joined(told.modelSummaries ?? [], []);
}

export function joined(told: FoundationModelSummary[], here: LocalModel[]): Model[] {
  const local = new Map(here.map((model) => [model.modelId, model]));
  const answering = told.map((summary): Model => {
    const id = summary.modelId ?? "";
    const its = local.get(id);
    return {
      id,
      name: summary.modelName ?? id,
      state: its ? stateOf(its) : "remote",
      takes: summary.inputModalities ?? [],
      makes: summary.outputModalities ?? [],
      ...(summary.providerName && { provider: summary.providerName }),
      ...(summary.responseStreamingSupported !== undefined && { streams: summary.responseStreamingSupported }),
      ...(its && { local: its }),
    };
  });
  const ids = new Set(answering.map(({ id }) => id));
  const others = here
    .filter(({ modelId }) => !ids.has(modelId))
    .map((its): Model => ({ id: its.modelId, name: its.modelName ?? its.modelId, state: stateOf(its), takes: [], makes: [], local: its }));
  return [...answering, ...others];
}

/** Whether one can talk to it here. */
export function answersWithText({ state, makes }: Model): boolean {
  return state !== "fetchable" && makes.includes("TEXT");
}

function stateOf({ loaded, installed }: LocalModel): State {
  if (loaded) return "loaded";
  return installed ? "installed" : "fetchable";
}
