/** A conversation as JSON, for links and for files. Only a file holds the files of messages, and figures. */

import { base64, bytesIn, fromFile } from "../../../code/files";
import type { Attachment } from "../files/files";
import { isObject, NO_SETTINGS, type Settings } from "../settings/settings";
import { type Answer, type Block, type Cost, type Figures, type Result, told } from "./answer";
import { type Conversation, EMPTY, MOST_MODELS, type Said } from "./conversation";

/** A block is an array of its kind and its texts: ["text", text], ["thinking", text], ["call", id, name, input]. */
interface KeptAnswer {
  blocks: string[][];
  results?: Record<string, Result>;
  reason?: string;
  figures?: Figures;
  cost?: Cost;
}
type KeptFile = Omit<Attachment, "bytes"> & { bytes?: string };
interface KeptSaid {
  text: string;
  files?: KeptFile[];
}
export interface Kept {
  models: string[];
  settings: Partial<Settings>;
  /** The answers stand in the order of the models; a text alone is an answer that is nothing but that text. */
  turns: (KeptSaid & { answers: (string | KeptAnswer[] | null)[] })[];
  draft: string | KeptSaid;
  lost?: string[];
}

export function keptOf({ slots, settings, turns, draft, lost }: Conversation, whole: boolean): Kept {
  return {
    models: slots.map(({ modelId }) => modelId),
    settings: Object.fromEntries(Object.entries(settings).filter(([, value]) => value)),
    turns: turns.map((turn) => ({ ...said(turn, whole), answers: slots.map(({ id }) => answersOf(turn.answers[id] ?? [], whole)) })),
    draft: draft.files.length > 0 ? said(draft, whole) : draft.text,
    ...(lost.length > 0 && { lost }),
  };
}

function said({ text, files }: Said, whole: boolean): KeptSaid {
  const kept = files.map(({ bytes, ...file }) => ({ ...file, ...(whole && bytes && { bytes: base64(bytes) }) }));
  return { text, ...(kept.length > 0 && { files: kept }) };
}

function answersOf(answers: Answer[], whole: boolean): string | KeptAnswer[] | null {
  const kept = answers.filter(({ blocks }) => blocks.length > 0);
  const [first] = kept;
  if (!first) return null;
  const [block] = first.blocks;
  if (!whole && kept.length === 1 && first.blocks.length === 1 && block?.kind === "text") return block.text;
  return kept.map(({ blocks, results, reason, figures, cost }) => ({
    blocks: blocks.map((each) => (each.kind === "call" ? [each.kind, each.id, each.name, each.input] : [each.kind, each.text])),
    ...(Object.keys(results).length > 0 && { results }),
    ...(reason && { reason }),
    ...(whole && { figures, ...(cost && { cost }) }),
  }));
}

/** Throws TypeError for what is no conversation. */
export function opened(kept: unknown): Conversation {
  const { models, settings, turns, draft, lost } = kept as Kept;
  const slots = models.slice(0, MOST_MODELS).map((modelId, id) => ({ id, modelId: String(modelId) }));
  const values: Record<string, unknown> = isObject(settings) ? settings : {};
  return {
    slots: slots.length > 0 ? slots : EMPTY.slots,
    settings: Object.fromEntries(Object.keys(NO_SETTINGS).map((name) => [name, String(values[name] ?? "")])) as unknown as Settings,
    turns: turns.map((turn, id) => ({
      id,
      ...saidIn(turn),
      answers: Object.fromEntries(
        slots.flatMap((slot): [number, Answer[]][] => {
          const answers = answersIn(turn.answers[slot.id], slot.modelId);
          return answers.length > 0 ? [[slot.id, answers]] : [];
        }),
      ),
    })),
    draft: typeof draft === "string" ? { text: draft, files: [] } : saidIn(draft),
    lost: (lost ?? []).map(String),
  };
}

function saidIn({ text, files = [] }: KeptSaid): Said {
  return { text: String(text), files: files.map(fileIn) };
}

function fileIn({ kind, format, fileName, name, size, bytes }: KeptFile): Attachment {
  return {
    kind: kind === "image" ? "image" : "document",
    format: String(format),
    fileName: String(fileName),
    name: String(name),
    size: Number(size),
    bytes: bytes === undefined ? null : fromFile(bytesIn(bytes), String(fileName)),
  };
}

function answersIn(answers: string | KeptAnswer[] | null | undefined, modelId: string): Answer[] {
  if (!answers) return [];
  const all = typeof answers === "string" ? [{ blocks: [["text", answers]] } as KeptAnswer] : answers;
  return all.map(({ blocks, results, reason, figures, cost }) => ({
    ...told(modelId, blocks.map(blockIn)),
    results: Object.fromEntries(Object.entries(results ?? {}).map(([id, { text, failed }]) => [id, { text: String(text), failed: failed === true }])),
    reason: reason ? String(reason) : null,
    figures: figures ?? {},
    cost: cost ? { amount: String(cost.amount), currency: String(cost.currency) } : null,
  }));
}

function blockIn(block: string[], at: number): Block {
  const [kind, one = "", two = "", three = ""] = block.map(String);
  if (kind === "call") return { kind, at, id: one, name: two, input: three };
  return { kind: kind === "thinking" ? "thinking" : "text", at, text: one };
}
