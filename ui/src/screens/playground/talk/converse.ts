/** The request of a Converse call as a conversation that goes on with it. Knows no address. */

import { isObject, NO_SETTINGS, type Settings } from "../settings/settings";
import { type Block, told } from "./answer";
import { type Conversation, NOTHING, type Turn } from "./conversation";

/** `path` is where it stands in the request; what the playground has no place for is noted there. */
type Losing = (path: string) => void;
type Members = Record<string, unknown>;

/** `input` is what Converse or ConverseStream takes, with `modelId`. The conversation's `lost` tells what of it is left out. */
export function conversationOf(input: object): Conversation {
  const lost: string[] = [];
  const lose: Losing = (path) => lost.push(path);
  const { modelId, messages, ...rest } = input as Members;
  const model = String(modelId ?? "");
  const turns = listOf(messages).reduce<Turn[]>((all, message, place) => withMessage(all, members(message), `messages[${place}]`, model, lose), []);
  const last = turns.at(-1);
  const open = last && !last.answers[0];
  return {
    slots: [{ id: 0, modelId: model }],
    settings: settingsOf(rest, lose),
    turns: open ? turns.slice(0, -1) : turns,
    draft: open ? { text: last.text, files: [] } : NOTHING,
    lost,
  };
}

function withMessage(turns: Turn[], { role, content }: Members, path: string, modelId: string, lose: Losing): Turn[] {
  const blocks = listOf(content).map((block, place) => [members(block), `${path}.content[${place}]`] as const);
  const last = turns.at(-1);
  if (role === "assistant") {
    if (!last) {
      lose(path);
      return turns;
    }
    const answer = told(modelId, blocks.flatMap(([block, at], place) => blockOf(block, place, at, lose)));
    return [...turns.slice(0, -1), { ...last, answers: { 0: [...(last.answers[0] ?? []), answer] } }];
  }
  const texts: string[] = [];
  let before = turns;
  for (const [block, at] of blocks) {
    if (typeof block["text"] === "string") texts.push(block["text"]);
    else if (isObject(block["toolResult"])) before = withResult(before, block["toolResult"], at, lose);
    else lose(at);
  }
  return texts.length > 0 ? [...before, { id: before.length, text: texts.join("\n\n"), files: [], answers: {} }] : before;
}

function withResult(turns: Turn[], { toolUseId, content, status }: Members, path: string, lose: Losing): Turn[] {
  const last = turns.at(-1);
  const answers = last?.answers[0] ?? [];
  const answer = answers.at(-1);
  if (!last || !answer) {
    lose(path);
    return turns;
  }
  const texts = listOf(content).flatMap((part, place) => {
    const { text, json } = members(part);
    if (typeof text === "string") return [text];
    if (json !== undefined) return [JSON.stringify(json, null, 2)];
    lose(`${path}.toolResult.content[${place}]`);
    return [];
  });
  const result = { text: texts.join("\n\n"), failed: status === "error" };
  const results = { ...answer.results, [String(toolUseId)]: result };
  return [...turns.slice(0, -1), { ...last, answers: { 0: [...answers.slice(0, -1), { ...answer, results }] } }];
}

function blockOf({ text, toolUse, reasoningContent }: Members, at: number, path: string, lose: Losing): Block[] {
  if (typeof text === "string") return [{ kind: "text", at, text }];
  if (isObject(toolUse)) {
    const { toolUseId, name, input } = toolUse;
    return [{ kind: "call", at, id: String(toolUseId), name: String(name), input: JSON.stringify(input ?? {}) }];
  }
  const thought = members(members(reasoningContent)["reasoningText"]);
  if (typeof thought["text"] === "string") return [{ kind: "thinking", at, text: thought["text"] }];
  lose(path);
  return [];
}

function settingsOf(rest: Members, lose: Losing): Settings {
  const { system, inferenceConfig, additionalModelRequestFields, toolConfig, outputConfig, guardrailConfig, ...others } = rest;
  for (const [name, value] of Object.entries(others)) if (value !== undefined && value !== null) lose(name);
  const { temperature, topP, maxTokens, stopSequences, ...unknown } = members(inferenceConfig);
  for (const name of Object.keys(unknown)) lose(`inferenceConfig.${name}`);
  const texts = listOf(system).flatMap((block, place) => {
    const { text } = members(block);
    if (typeof text === "string") return [text];
    lose(`system[${place}]`);
    return [];
  });
  const { tools, toolChoice } = members(toolConfig);
  const { guardrailIdentifier, guardrailVersion, streamProcessingMode } = members(guardrailConfig);
  const typed = (value: unknown) => (value === undefined || value === null ? "" : String(value));
  return {
    ...NO_SETTINGS,
    system: texts.join("\n\n"),
    temperature: typed(temperature),
    topP: typed(topP),
    maxTokens: typed(maxTokens),
    stop: listOf(stopSequences).join("\n"),
    fields: additionalModelRequestFields ? JSON.stringify(additionalModelRequestFields, null, 2) : "",
    tools: listOf(tools).length > 0 ? JSON.stringify(tools, null, 2) : "",
    toolChoice: choiceIn(members(toolChoice)),
    schema: schemaIn(members(outputConfig), lose),
    guarded: guardrailIdentifier ? "on" : "",
    guardrail: typed(guardrailIdentifier),
    guardrailVersion: typed(guardrailVersion),
    guardrailMode: typed(streamProcessingMode),
  };
}

function choiceIn({ auto, any, tool }: Members): string {
  if (any) return "any";
  return auto ? "auto" : String(members(tool)["name"] ?? "");
}

function schemaIn({ textFormat, ...others }: Members, lose: Losing): string {
  for (const name of Object.keys(others)) lose(`outputConfig.${name}`);
  const { schema } = members(members(members(textFormat)["structure"])["jsonSchema"]);
  if (typeof schema !== "string") return "";
  try {
    return JSON.stringify(JSON.parse(schema), null, 2);
  } catch {
    return schema;
  }
}

function members(value: unknown): Members {
  return isObject(value) ? value : {};
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}
