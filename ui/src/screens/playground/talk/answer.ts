/** One answer of a model, as the fold of its events: what it said, thought and called, and how it came about. */

import type {
  ContentBlock,
  ConverseStreamCommandInput,
  ConverseStreamOutput,
  GuardrailTraceAssessment,
  ReasoningContentBlock,
} from "@aws-sdk/client-bedrock-runtime";
import type { Failure } from "../../../api/failure";

export type Progress = "waiting" | "streaming" | "done" | "stopped" | "failed";

/** `at` is its index in the answer. A call's `input` is JSON as it came, which may break off. */
export type Block =
  | { kind: "text"; at: number; text: string }
  | { kind: "thinking"; at: number; text: string; signature?: string; redacted?: Uint8Array }
  | { kind: "call"; at: number; id: string; name: string; input: string };
export type ToolCall = Extract<Block, { kind: "call" }>;

/** What a person gave for the call of a tool. */
export interface Result {
  text: string;
  failed: boolean;
}

/** Times in milliseconds, measured here. Tokens are those that the API counts. */
export interface Figures {
  inputTokens?: number;
  outputTokens?: number;
  first?: number;
  total?: number;
}

/** As the server's ledger has it: an exact decimal. */
export interface Cost {
  amount: string;
  currency: string;
}

/** What the ledger says of an answer once it has ended. */
export interface Charges {
  cost: Cost | null;
  inputTokens?: number;
  outputTokens?: number;
}

export interface Answer {
  modelId: string;
  progress: Progress;
  blocks: Block[];
  /** What was sent; none in a conversation that came by a link or a file. */
  input: ConverseStreamCommandInput | null;
  requestId: string | null;
  figures: Figures;
  cost: Cost | null;
  reason: string | null;
  guardrail: GuardrailTraceAssessment | null;
  failure: Failure | null;
  /** By the id of the call. */
  results: Record<string, Result>;
}

export function begun(modelId: string, input: ConverseStreamCommandInput): Answer {
  return { ...told(modelId, []), progress: "waiting", input };
}

/** One that is there whole. */
export function told(modelId: string, blocks: Block[]): Answer {
  return {
    modelId,
    progress: "done",
    blocks,
    input: null,
    requestId: null,
    figures: {},
    cost: null,
    reason: null,
    guardrail: null,
    failure: null,
    results: {},
  };
}

/** The answer once an event of its stream has come, `at` milliseconds after it was asked for. */
export function advanced(answer: Answer, event: ConverseStreamOutput, at: number): Answer {
  if (event.contentBlockStart) {
    const { start, contentBlockIndex = 0 } = event.contentBlockStart;
    const { toolUse } = start ?? {};
    if (!toolUse) return answer;
    const call: Block = { kind: "call", at: contentBlockIndex, id: toolUse.toolUseId ?? "", name: toolUse.name ?? "", input: "" };
    return grown(answer, [...answer.blocks, call], at);
  }
  if (event.contentBlockDelta) {
    const { delta, contentBlockIndex = 0 } = event.contentBlockDelta;
    if (!delta) return answer;
    if (delta.text !== undefined) return grown(answer, joined(answer.blocks, { kind: "text", at: contentBlockIndex, text: delta.text }), at);
    if (delta.toolUse) return grown(answer, fed(answer.blocks, contentBlockIndex, delta.toolUse.input ?? ""), at);
    if (delta.reasoningContent) {
      const { text = "", signature, redactedContent } = delta.reasoningContent;
      const more = { ...(signature && { signature }), ...(redactedContent && { redacted: redactedContent }) };
      return grown(answer, joined(answer.blocks, { kind: "thinking", at: contentBlockIndex, text, ...more }), at);
    }
    return answer;
  }
  if (event.messageStop) return { ...answer, reason: event.messageStop.stopReason ?? null };
  if (event.metadata) {
    const { usage, trace } = event.metadata;
    const { inputTokens, outputTokens } = usage ?? {};
    const counted = { ...(inputTokens !== undefined && { inputTokens }), ...(outputTokens !== undefined && { outputTokens }) };
    return { ...answer, figures: { ...answer.figures, ...counted }, guardrail: trace?.guardrail ?? null };
  }
  return answer;
}

/** With its cost; and, where it was stopped before the API told them, with its tokens. */
export function charged(answer: Answer, { cost, ...counted }: Charges): Answer {
  return { ...answer, cost, figures: { ...counted, ...answer.figures } };
}

function grown(answer: Answer, blocks: Block[], at: number): Answer {
  const { first = at } = answer.figures;
  return { ...answer, progress: "streaming", blocks, figures: { ...answer.figures, first, total: at } };
}

/** Goes on with the last block where that is the same one. */
function joined(blocks: Block[], next: Exclude<Block, ToolCall>): Block[] {
  const last = blocks.at(-1);
  if (last?.kind !== next.kind || last.at !== next.at) return [...blocks, next];
  return [...blocks.slice(0, -1), { ...last, ...next, text: last.text + next.text } as Block];
}

function fed(blocks: Block[], at: number, input: string): Block[] {
  return blocks.map((block) => (block.kind === "call" && block.at === at ? { ...block, input: block.input + input } : block));
}

/** Over less time, in milliseconds, nothing is measured but how the network bundles. */
const SHORTEST = 50;

/** Tokens a second, once the first has come; none where there were too few, or too close together, to tell. */
export function rate({ outputTokens, first, total }: Figures): number | null {
  if (outputTokens === undefined || first === undefined || total === undefined) return null;
  return outputTokens > 1 && total - first >= SHORTEST ? ((outputTokens - 1) * 1000) / (total - first) : null;
}

export function textOf({ blocks }: Answer): string {
  return blocks.flatMap((block) => (block.kind === "text" ? [block.text] : [])).join("\n\n");
}

export function callsOf({ blocks }: Answer): ToolCall[] {
  return blocks.filter((block) => block.kind === "call");
}

const NO_RESULT: Result = { text: "", failed: false };

/** What was given for a call so far. */
export function resultFor({ results }: Answer, call: string): Result {
  return (Object.hasOwn(results, call) && results[call]) || NO_RESULT;
}

export function running({ progress }: Answer): boolean {
  return progress === "waiting" || progress === "streaming";
}

/** Its calls wait for results. Of one that broke off nobody knows what it wanted. */
export function asksTools(answer: Answer): boolean {
  return answer.progress === "done" && callsOf(answer).length > 0 && callsOf(answer).every(({ input }) => parsed(input) !== undefined);
}

/** The value of a JSON text; undefined where it is none. A call without input has an empty text. */
export function parsed(text: string): unknown {
  try {
    return JSON.parse(text.trim() || "{}");
  } catch {
    return undefined;
  }
}

/** As it is sent back to the model. Thoughts go back only where their maker signed them, since it asks for them then. */
export function contentOf({ blocks }: Answer, withCalls: boolean): ContentBlock[] {
  return blocks.flatMap((block): ContentBlock[] => {
    switch (block.kind) {
      case "text":
        return block.text.trim() ? [{ text: block.text }] : [];
      case "thinking":
        return thought(block).map((reasoningContent) => ({ reasoningContent }));
      case "call":
        return withCalls ? [{ toolUse: { toolUseId: block.id, name: block.name, input: parsed(block.input) as never } }] : [];
    }
  });
}

function thought({ text, signature, redacted }: Extract<Block, { kind: "thinking" }>): ReasoningContentBlock[] {
  if (redacted) return [{ redactedContent: redacted }];
  return signature ? [{ reasoningText: { text, signature } }] : [];
}
