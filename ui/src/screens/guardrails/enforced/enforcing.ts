/** What an account enforces, as a form, and the calls that read and change it. */

import {
  type AccountEnforcedGuardrailOutputConfiguration,
  DeleteEnforcedGuardrailConfigurationCommand,
  type DeleteEnforcedGuardrailConfigurationCommandInput,
  ListEnforcedGuardrailsConfigurationCommand,
  ListFoundationModelsCommand,
  PutEnforcedGuardrailConfigurationCommand,
  type PutEnforcedGuardrailConfigurationCommandInput,
} from "@aws-sdk/client-bedrock";
import type { Api } from "../../../api/api";

export const GUARDINGS = ["COMPREHENSIVE", "SELECTIVE"] as const;
export type Guarding = (typeof GUARDINGS)[number];
const ALL = "ALL";

export interface Enforcing {
  guardrail: string;
  version: string;
  /** None: all of them. */
  included: string[] | null;
  excluded: string[];
  system: Guarding;
  messages: Guarding;
}

export const NOTHING: Enforcing = {
  guardrail: "",
  version: "",
  included: null,
  excluded: [],
  system: "COMPREHENSIVE",
  messages: "COMPREHENSIVE",
};

export type Enforced = AccountEnforcedGuardrailOutputConfiguration;

export function enforcingOf(told: Enforced): Enforcing {
  const { includedModels = [ALL], excludedModels = [] } = told.modelEnforcement ?? {};
  return {
    guardrail: told.guardrailId ?? "",
    version: told.guardrailVersion ?? "",
    included: includedModels.includes(ALL) ? null : includedModels,
    excluded: excludedModels,
    system: told.selectiveContentGuarding?.system ?? "COMPREHENSIVE",
    messages: told.selectiveContentGuarding?.messages ?? "COMPREHENSIVE",
  };
}

export function inputOf(form: Enforcing, configId: string | undefined): PutEnforcedGuardrailConfigurationCommandInput {
  return {
    ...(configId && { configId }),
    guardrailInferenceConfig: {
      guardrailIdentifier: form.guardrail,
      guardrailVersion: form.version,
      selectiveContentGuarding: { system: form.system, messages: form.messages },
      modelEnforcement: { includedModels: form.included ?? [ALL], excludedModels: form.excluded },
    },
  };
}

/** There is one configuration at most. */
export async function getEnforced(api: Api, signal: AbortSignal): Promise<Enforced | null> {
  const told = await api.bedrock.send(new ListEnforcedGuardrailsConfigurationCommand({}), { abortSignal: signal });
  return told.guardrailsConfig?.[0] ?? null;
}

export async function putEnforced(api: Api, input: PutEnforcedGuardrailConfigurationCommandInput): Promise<void> {
  await api.bedrock.send(new PutEnforcedGuardrailConfigurationCommand(input));
}

export async function stopEnforcing(api: Api, input: DeleteEnforcedGuardrailConfigurationCommandInput): Promise<void> {
  await api.bedrock.send(new DeleteEnforcedGuardrailConfigurationCommand(input));
}

export async function listFoundationModels(api: Api, signal: AbortSignal): Promise<{ value: string; label: string }[]> {
  const told = await api.bedrock.send(new ListFoundationModelsCommand({}), { abortSignal: signal });
  return (told.modelSummaries ?? []).map(({ modelId = "", modelName }) => ({ value: modelId, label: modelName ?? modelId, description: modelId }));
}
