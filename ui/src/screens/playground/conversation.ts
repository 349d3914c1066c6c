/** A conversation with up to four models at once, as plain data, and how it changes. Knows no network. */

import type { ConverseStreamCommandInput, ConverseStreamOutput, Message } from "@aws-sdk/client-bedrock-runtime";
import type { Failure } from "../../api/failure";

export const MOST_MODELS = 4;

/** Numbers as they were typed; an empty one leaves the matter to the model. */
export interface Settings {
  system: string;
  temperature: string;
  topP: string;
  maxTokens: string;
  /** One a line. */
  stop: string;
}

export interface Slot {
  id: number;
  modelId: string;
}

export type Progress = "waiting" | "streaming" | "done" | "stopped" | "failed";

export interface Answer {
  modelId: string;
  progress: Progress;
  text: string;
  thinking: string;
  /** What was sent; none in a conversation that came by a link. */
  input: ConverseStreamCommandInput | null;
  figures: Figures;
  reason: string | null;
  failure: Failure | null;
}

/** Times in milliseconds, measured here. Tokens are those that the API counts. */
export interface Figures {
  inputTokens?: number;
  outputTokens?: number;
  first?: number;
  total?: number;
}

export interface Turn {
  id: number;
  text: string;
  /** By the slot that answers. */
  answers: Record<number, Answer>;
}

export interface Conversation {
  slots: Slot[];
  settings: Settings;
  turns: Turn[];
  draft: string;
}

export const NO_SETTINGS: Settings = { system: "", temperature: "", topP: "", maxTokens: "", stop: "" };
/** Without a limit small models go on and on. */
const FIRST_SETTINGS: Settings = { ...NO_SETTINGS, maxTokens: "512" };
export const EMPTY: Conversation = { slots: [{ id: 0, modelId: "" }], settings: FIRST_SETTINGS, turns: [], draft: "" };

export type Change =
  | { type: "opened"; conversation: Conversation }
  | { type: "settings"; settings: Partial<Settings> }
  | { type: "chosen"; slot: number; modelId: string }
  | { type: "added"; modelId: string }
  | { type: "removed"; slot: number }
  | { type: "draft"; draft: string }
  | { type: "asked"; turn: Turn; after: number }
  | { type: "answered"; turn: number; slot: number; answer: Answer }
  | { type: "cleared" };

export function changed(before: Conversation, change: Change): Conversation {
  switch (change.type) {
    case "opened":
      return change.conversation;
    case "settings":
      return { ...before, settings: { ...before.settings, ...change.settings } };
    case "chosen":
      return { ...before, slots: before.slots.map((slot) => (slot.id === change.slot ? { ...slot, modelId: change.modelId } : slot)) };
    case "added":
      return { ...before, slots: [...before.slots, { id: fresh(before.slots), modelId: change.modelId }] };
    case "removed":
      return { ...before, slots: before.slots.filter(({ id }) => id !== change.slot) };
    case "draft":
      return { ...before, draft: change.draft };
    case "asked":
      return { ...before, draft: "", turns: [...before.turns.slice(0, change.after), change.turn] };
    case "answered":
      return {
        ...before,
        turns: before.turns.map((turn) =>
          turn.id === change.turn ? { ...turn, answers: { ...turn.answers, [change.slot]: change.answer } } : turn,
        ),
      };
    case "cleared":
      return { ...before, turns: [], draft: "" };
  }
}

export function fresh(of: { id: number }[]): number {
  return Math.max(-1, ...of.map(({ id }) => id)) + 1;
}

export function begun(modelId: string, input: ConverseStreamCommandInput): Answer {
  return { modelId, progress: "waiting", text: "", thinking: "", input, figures: {}, reason: null, failure: null };
}

/** The answer once an event of its stream has come, `at` milliseconds after it was asked for. */
export function advanced(answer: Answer, event: ConverseStreamOutput, at: number): Answer {
  const delta = event.contentBlockDelta?.delta;
  if (delta) {
    const figures = answer.figures.first === undefined ? { ...answer.figures, first: at } : answer.figures;
    return {
      ...answer,
      progress: "streaming",
      figures: { ...figures, total: at },
      text: answer.text + (delta.text ?? ""),
      thinking: answer.thinking + (delta.reasoningContent?.text ?? ""),
    };
  }
  if (event.messageStop) return { ...answer, reason: event.messageStop.stopReason ?? null };
  if (event.metadata) {
    const { inputTokens, outputTokens } = event.metadata.usage ?? {};
    const counted = { ...(inputTokens !== undefined && { inputTokens }), ...(outputTokens !== undefined && { outputTokens }) };
    return { ...answer, figures: { ...answer.figures, ...counted } };
  }
  return answer;
}

/** Tokens a second, once the first has come; none where there were too few to tell. */
export function rate({ outputTokens, first, total }: Figures): number | null {
  if (outputTokens === undefined || first === undefined || total === undefined) return null;
  return outputTokens > 1 && total > first ? ((outputTokens - 1) * 1000) / (total - first) : null;
}

/** What is sent to the model of a slot: the conversation as that one saw it, and the new message. */
export function inputFor(conversation: Conversation, slot: Slot, text: string, after: number): ConverseStreamCommandInput {
  const { system, temperature, topP, maxTokens, stop } = conversation.settings;
  const numbers = { temperature, topP, maxTokens };
  const inference = Object.fromEntries(
    Object.entries(numbers)
      .filter(([, typed]) => typed.trim())
      .map(([name, typed]) => [name, numberIn(typed)]),
  );
  const stopSequences = stop.split("\n").filter(Boolean);
  const inferenceConfig = { ...inference, ...(stopSequences.length > 0 && { stopSequences }) };
  return {
    modelId: slot.modelId,
    messages: [...saidBefore(conversation.turns.slice(0, after), slot), { role: "user", content: [{ text }] }],
    ...(system.trim() && { system: [{ text: system }] }),
    ...(Object.keys(inferenceConfig).length > 0 && { inferenceConfig }),
  };
}

/** Turns that this slot has not answered are none of its conversation. */
function saidBefore(turns: Turn[], slot: Slot): Message[] {
  return turns.flatMap((turn): Message[] => {
    const text = turn.answers[slot.id]?.text;
    if (!text) return [];
    return [
      { role: "user", content: [{ text: turn.text }] },
      { role: "assistant", content: [{ text }] },
    ];
  });
}

/** Germans write 0,7. */
export function numberIn(typed: string): number {
  return Number(typed.trim().replace(",", "."));
}

export function wrong(settings: Settings): Partial<Record<"temperature" | "topP" | "maxTokens", true>> {
  const within = (typed: string, low: number, high: number) => {
    const value = numberIn(typed);
    return !typed.trim() || (value >= low && value <= high);
  };
  const count = numberIn(settings.maxTokens);
  return {
    ...(!within(settings.temperature, 0, 1) && { temperature: true }),
    ...(!within(settings.topP, 0, 1) && { topP: true }),
    ...(settings.maxTokens.trim() && !(Number.isInteger(count) && count >= 1) && { maxTokens: true }),
  };
}

export function busy({ turns }: Conversation): boolean {
  return turns.some(({ answers }) => Object.values(answers).some(({ progress }) => progress === "waiting" || progress === "streaming"));
}
