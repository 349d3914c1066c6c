/** What is sent to a model: the conversation as that one saw it, and what is new. */

import type { ContentBlock, ConverseStreamCommandInput, Message, ToolResultBlock } from "@aws-sdk/client-bedrock-runtime";
import { blockOf } from "../files/files";
import { configOf, isObject, type Settings } from "../settings/settings";
import { type Answer, callsOf, contentOf, parsed, resultFor } from "./answer";
import type { Conversation, Said, Slot, Turn } from "./conversation";

/** For a message that comes `after` so many turns. */
export function inputFor(conversation: Conversation, slot: Slot, said: Said, after: number): ConverseStreamCommandInput {
  const before = conversation.turns.slice(0, after).flatMap((turn) => messagesOf(turn, slot, false));
  return request(conversation.settings, slot, [...before, { role: "user", content: contentSaid(said) }]);
}

/** For the results of the tools that the slot's last answer in this turn called. */
export function inputWithResults(conversation: Conversation, slot: Slot, place: number): ConverseStreamCommandInput {
  const before = conversation.turns.slice(0, place).flatMap((turn) => messagesOf(turn, slot, false));
  return request(conversation.settings, slot, [...before, ...conversation.turns.slice(place, place + 1).flatMap((turn) => messagesOf(turn, slot, true))]);
}

function request(settings: Settings, slot: Slot, messages: Message[]): ConverseStreamCommandInput {
  return { modelId: slot.modelId, messages: alternating(messages), ...configOf(settings) };
}

/**
 * A turn that this slot has not answered is none of its conversation. Calls that were never given results go, since the
 * API wants each answered; `open` keeps those of the last answer, and their results behind them.
 */
function messagesOf(turn: Turn, slot: Slot, open: boolean): Message[] {
  const answers = turn.answers[slot.id] ?? [];
  const said = answers.flatMap((answer, place): Message[] => {
    const called = callsOf(answer).length > 0 && (open || place < answers.length - 1);
    const content = contentOf(answer, called);
    if (content.length === 0) return [];
    return [{ role: "assistant", content }, ...(called ? [{ role: "user", content: resultsOf(answer) } as const] : [])];
  });
  return said.length > 0 ? [{ role: "user", content: contentSaid(turn) }, ...said] : [];
}

/** Files go before the text that speaks of them. */
function contentSaid({ text, files }: Said): ContentBlock[] {
  return [...files.flatMap(blockOf), ...(text ? [{ text }] : [])];
}

function resultsOf(answer: Answer): ContentBlock[] {
  return callsOf(answer).map(({ id }): ContentBlock => {
    const { text, failed } = resultFor(answer, id);
    const toolResult: ToolResultBlock = { toolUseId: id, content: [resultOf(text)], ...(failed && { status: "error" }) };
    return { toolResult };
  });
}

/** An object is given as JSON, all else as text. */
function resultOf(text: string): { json: never } | { text: string } {
  const value = parsed(text);
  return text.trim() && isObject(value) ? { json: value as never } : { text };
}

/** The API wants the roles to take turns: what one says twice in a row is said at once. */
function alternating(messages: Message[]): Message[] {
  return messages.reduce<Message[]>((all, message) => {
    const last = all.at(-1);
    if (last?.role !== message.role) return [...all, message];
    return [...all.slice(0, -1), { role: last?.role, content: [...(last?.content ?? []), ...(message.content ?? [])] }];
  }, []);
}
