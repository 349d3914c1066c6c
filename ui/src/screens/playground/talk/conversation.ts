/** A conversation with up to four models at once, as plain data, and how it changes. Knows no network. */

import type { Attachment } from "../files/files";
import { FIRST_SETTINGS, type Settings } from "../settings/settings";
import { type Answer, charged, type Charges, type Result, running } from "./answer";

export const MOST_MODELS = 4;

export interface Slot {
  id: number;
  modelId: string;
}

/** What a person says. */
export interface Said {
  text: string;
  files: Attachment[];
}

export interface Turn extends Said {
  id: number;
  /** By the slot that answers: several of one model where it called tools and went on with their results. */
  answers: Record<number, Answer[]>;
}

export interface Conversation {
  slots: Slot[];
  settings: Settings;
  turns: Turn[];
  draft: Said;
  /** What the link or the request that it was made from held, and it could not take over. */
  lost: string[];
}

export const NOTHING: Said = { text: "", files: [] };
export const EMPTY: Conversation = { slots: [{ id: 0, modelId: "" }], settings: FIRST_SETTINGS, turns: [], draft: NOTHING, lost: [] };

/** One answer: by its turn, its slot, and its place among those of the slot. */
export interface Which {
  turn: number;
  slot: number;
  place: number;
}

export type Change =
  | { type: "opened"; conversation: Conversation }
  | { type: "settings"; settings: Partial<Settings> }
  | { type: "chosen"; slot: number; modelId: string }
  | { type: "added"; modelId: string }
  | { type: "removed"; slot: number }
  | { type: "draft"; draft: Partial<Said> }
  | { type: "attached"; files: Attachment[] }
  | { type: "asked"; turn: Turn; after: number }
  | { type: "answered"; which: Which; answer: Answer }
  | { type: "charged"; which: Which; requestId: string; charges: Charges }
  | { type: "resulted"; which: Which; call: string; result: Result }
  | { type: "told" }
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
      return { ...before, draft: { ...before.draft, ...change.draft } };
    case "attached":
      return { ...before, draft: { ...before.draft, files: [...before.draft.files, ...change.files] } };
    case "asked":
      return { ...before, draft: NOTHING, turns: [...before.turns.slice(0, change.after), change.turn] };
    case "answered":
      return answering(before, change.which, (old) => ({ ...change.answer, results: old?.results ?? {} }));
    case "charged":
      return answering(before, change.which, (old) => (old?.requestId === change.requestId ? charged(old, change.charges) : old));
    case "resulted":
      return answering(before, change.which, (old) => old && { ...old, results: { ...old.results, [change.call]: change.result } });
    case "told":
      return { ...before, lost: [] };
    case "cleared":
      return { ...before, turns: [], draft: NOTHING, lost: [] };
  }
}

/** A late answer to a message that was dropped changes nothing. */
function answering(before: Conversation, { turn, slot, place }: Which, change: (old?: Answer) => Answer | undefined): Conversation {
  return {
    ...before,
    turns: before.turns.map((each) => {
      const answers = each.answers[slot] ?? [];
      const answer = each.id === turn && place <= answers.length ? change(answers[place]) : undefined;
      if (!answer) return each;
      return { ...each, answers: { ...each.answers, [slot]: [...answers.slice(0, place), answer, ...answers.slice(place + 1)] } };
    }),
  };
}

export function fresh(of: { id: number }[]): number {
  return Math.max(-1, ...of.map(({ id }) => id)) + 1;
}

export function answersOf({ turns }: Conversation): Answer[] {
  return turns.flatMap(({ answers }) => Object.values(answers).flat());
}

export function busy(conversation: Conversation): boolean {
  return answersOf(conversation).some(running);
}

export function filesOf({ turns }: { turns: Turn[] }): Attachment[] {
  return turns.flatMap(({ files }) => files);
}

/** As somebody leaves it: what ran is stopped. */
export function settled(left: Conversation): Conversation {
  const stopped = (answer: Answer): Answer => (running(answer) ? { ...answer, progress: "stopped" } : answer);
  const all = (answers: Turn["answers"]) => Object.fromEntries(Object.entries(answers).map(([slot, each]) => [slot, each.map(stopped)]));
  return { ...left, turns: left.turns.map((turn) => ({ ...turn, answers: all(turn.answers) })) };
}
