/** The models: those that answer here, as Bedrock tells of them, joined with what Craton knows of the machine. */

import { type FoundationModelSummary, ListFoundationModelsCommand } from "@aws-sdk/client-bedrock";
import type { Api } from "./api";
import type { Call } from "./call";
import type { LocalModel, ModelPull } from "./shapes";

/** In memory or on the way there; on the disk or on the way there; at a provider; not here but to be had. */
export const STATES = ["loaded", "loading", "installed", "remote", "fetching", "fetchable"] as const;
export type State = (typeof STATES)[number];

export const TASKS = ["TEXT_GENERATION", "EMBEDDING", "GUARDRAIL", "MEDIA"] as const;
export type Task = (typeof TASKS)[number];

export interface Model {
  id: string;
  name: string;
  state: State;
  task: Task;
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
export const PULLS_CALL: Call = { service: "craton", operation: "ListModelPulls", input: {} };

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
    const makes = summary.outputModalities ?? [];
    return {
      id,
      name: summary.modelName ?? id,
      state: its ? stateOf(its) : "remote",
      task: its?.task ?? taskOf(makes),
      takes: summary.inputModalities ?? [],
      makes,
      ...(summary.providerName && { provider: summary.providerName }),
      ...(summary.responseStreamingSupported !== undefined && { streams: summary.responseStreamingSupported }),
      ...(its && { local: its }),
    };
  });
  const ids = new Set(answering.map(({ id }) => id));
  return [...answering, ...here.filter(({ modelId }) => !ids.has(modelId)).map(silent)];
}

/** One that no request may name yet, or ever. */
function silent(local: LocalModel): Model {
  return {
    id: local.modelId,
    name: local.modelName ?? local.modelId,
    state: stateOf(local),
    task: local.task,
    takes: local.inputModalities,
    makes: local.outputModalities,
    ...(local.providerName && { provider: local.providerName }),
    local,
  };
}

function stateOf({ status, pullId }: LocalModel): State {
  if (status === "FETCHABLE") return pullId ? "fetching" : "fetchable";
  return status === "LOADED" ? "loaded" : status === "LOADING" ? "loading" : "installed";
}

function taskOf(makes: string[]): Task {
  if (makes.includes("TEXT")) return "TEXT_GENERATION";
  return makes.includes("EMBEDDING") ? "EMBEDDING" : "MEDIA";
}

/** Whether it is on this machine. */
export function isHere({ state }: Model): boolean {
  return state === "loaded" || state === "loading" || state === "installed";
}

/** Whether one can talk to it here. */
export function answersWithText(model: Model): boolean {
  return (isHere(model) || model.state === "remote") && model.makes.includes("TEXT");
}

/** Whether something happens to it that is worth watching. */
export function isUnderWay({ state, local }: Model): boolean {
  return state === "loading" || local?.pullId !== undefined || local?.measuring === true;
}

/** Of each model the newest pull, by the model's id; by what was asked for, where that is no model yet. */
export function newestPulls(pulls: ModelPull[]): Map<string, ModelPull> {
  const newest = new Map<string, ModelPull>();
  for (const pull of pulls) if (!newest.has(pull.name)) newest.set(pull.name, pull);
  return new Map([...newest.values()].map((pull) => [pull.modelId ?? pull.name, pull]));
}

export function isBringing({ status }: ModelPull): boolean {
  return status === "QUEUED" || status === "FETCHING" || status === "STOPPING";
}
