/** What holds for all models of a conversation, as it was typed, and what of it a request cannot be made from. */

import type { ConverseStreamCommandInput, Tool } from "@aws-sdk/client-bedrock-runtime";

/** Empty: the model's own matter. */
export interface Settings {
  system: string;
  temperature: string;
  topP: string;
  maxTokens: string;
  /** One a line. */
  stop: string;
  /** JSON: `additionalModelRequestFields`. */
  fields: string;
  /** JSON: `toolConfig.tools`. */
  tools: string;
  /** "auto", "any", or the name of a tool. */
  toolChoice: string;
  /** A JSON schema, which the whole answer follows. */
  schema: string;
  /** Whether the guardrail judges, "on" or not. */
  guarded: string;
  guardrail: string;
  guardrailVersion: string;
  /** "sync" or "async". */
  guardrailMode: string;
}

export const NO_SETTINGS: Settings = {
  system: "",
  temperature: "",
  topP: "",
  maxTokens: "",
  stop: "",
  fields: "",
  tools: "",
  toolChoice: "",
  schema: "",
  guarded: "",
  guardrail: "",
  guardrailVersion: "",
  guardrailMode: "",
};
/** Without a limit small models go on and on. */
export const FIRST_SETTINGS: Settings = { ...NO_SETTINGS, maxTokens: "512" };

/** `json`: it is none, with what the browser says of it; `object`, `tools`: it is JSON of another kind. */
export interface Mistake {
  kind: "number" | "count" | "json" | "object" | "tools" | "chosen";
  detail: string;
}
export type Mistakes = Partial<Record<keyof Settings, Mistake>>;

export function wrong(settings: Settings): Mistakes {
  const found: Mistakes = {};
  for (const name of ["temperature", "topP"] as const) {
    const value = numberIn(settings[name]);
    if (settings[name].trim() && !(value >= 0 && value <= 1)) found[name] = { kind: "number", detail: "" };
  }
  const count = numberIn(settings.maxTokens);
  if (settings.maxTokens.trim() && !(Number.isInteger(count) && count >= 1)) found.maxTokens = { kind: "count", detail: "" };
  for (const name of ["fields", "schema", "tools"] as const) {
    const mistake = settings[name].trim() ? wrongJson(settings[name], name === "tools") : null;
    if (mistake) found[name] = mistake;
  }
  if (settings.guarded && !settings.guardrail) found.guardrail = { kind: "chosen", detail: "" };
  return found;
}

function wrongJson(text: string, tools: boolean): Mistake | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return { kind: "json", detail: error instanceof Error ? error.message : "" };
  }
  if (tools) return Array.isArray(value) && value.length > 0 && value.every(isTool) ? null : { kind: "tools", detail: "" };
  return isObject(value) ? null : { kind: "object", detail: "" };
}

/** Whether Converse can be given it; what its schema may say is the API's to judge. */
function isTool(value: unknown): boolean {
  if (!isObject(value)) return false;
  const { toolSpec } = value;
  if (toolSpec === undefined) return Object.keys(value).length === 1;
  return isObject(toolSpec) && typeof toolSpec["name"] === "string" && isObject(toolSpec["inputSchema"]) && isObject(toolSpec["inputSchema"]["json"]);
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Of what was typed; none while it is no list of tools. */
export function toolsIn({ tools }: Settings): Tool[] {
  return tools.trim() && !wrongJson(tools, true) ? (JSON.parse(tools) as Tool[]) : [];
}

export function toolNames(settings: Settings): string[] {
  return toolsIn(settings).flatMap(({ toolSpec }) => toolSpec?.name ?? []);
}

/** Germans write 0,7. */
export function numberIn(typed: string): number {
  return Number(typed.trim().replace(",", "."));
}

/** The members of Converse that these settings make. */
export function configOf(settings: Settings): Omit<ConverseStreamCommandInput, "modelId" | "messages"> {
  const { system, temperature, topP, maxTokens, fields, schema } = settings;
  const numbers = Object.entries({ maxTokens, temperature, topP }).filter(([, typed]) => typed.trim());
  const stopSequences = settings.stop.split("\n").filter(Boolean);
  const inferenceConfig = {
    ...Object.fromEntries(numbers.map(([name, typed]) => [name, numberIn(typed)])),
    ...(stopSequences.length > 0 && { stopSequences }),
  };
  const tools = toolsIn(settings);
  const { guarded, guardrail: guardrailIdentifier, guardrailVersion, guardrailMode } = settings;
  return {
    ...(system.trim() && { system: [{ text: system }] }),
    ...(Object.keys(inferenceConfig).length > 0 && { inferenceConfig }),
    ...(fields.trim() && { additionalModelRequestFields: JSON.parse(fields) as never }),
    ...(tools.length > 0 && { toolConfig: { tools, ...choiceOf(settings) } }),
    ...(schema.trim() && { outputConfig: { textFormat: { type: "json_schema", structure: { jsonSchema: { name: "answer", schema } } } } }),
    ...(guarded && {
      guardrailConfig: {
        guardrailIdentifier,
        guardrailVersion: guardrailVersion || "DRAFT",
        trace: "enabled",
        ...(guardrailMode && { streamProcessingMode: guardrailMode as "sync" | "async" }),
      },
    }),
  };
}

function choiceOf({ toolChoice }: Settings): object {
  if (!toolChoice) return {};
  if (toolChoice === "auto" || toolChoice === "any") return { toolChoice: { [toolChoice]: {} } };
  return { toolChoice: { tool: { name: toolChoice } } };
}
