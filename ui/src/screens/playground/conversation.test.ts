import { expect, test } from "vitest";
import { advanced, begun, changed, type Conversation, EMPTY, inputFor, NO_SETTINGS, rate, wrong } from "./conversation";
import { linked, linkTo } from "./link";

const SLOT = { id: 0, modelId: "a.b-v1:0" };
const said = (text: string) => ({ ...begun(SLOT.modelId, { modelId: SLOT.modelId }), text, progress: "done" as const });
const TALK: Conversation = {
  slots: [SLOT, { id: 3, modelId: "c.d-v1:0" }],
  settings: { ...NO_SETTINGS, system: "Be brief. ü", temperature: "0,5", stop: "END\n" },
  turns: [
    { id: 0, text: "One?", answers: { 0: said("Eins.") } },
    { id: 1, text: "Two?", answers: { 0: said("Zwei."), 3: said("Deux.") } },
  ],
  draft: "Three?",
};

test("a model is sent the conversation as it saw it, and only what was set", () => {
  const texts = (slot: typeof SLOT) => inputFor(TALK, slot, "Three?", 2).messages?.map(({ content }) => content?.[0]?.text);
  expect(texts(SLOT)).toEqual(["One?", "Eins.", "Two?", "Zwei.", "Three?"]);
  expect(texts({ id: 3, modelId: "c.d-v1:0" })).toEqual(["Two?", "Deux.", "Three?"]);
  const input = inputFor(TALK, SLOT, "Three?", 2);
  expect(input.inferenceConfig).toEqual({ temperature: 0.5, stopSequences: ["END"] });
  expect(input.system).toEqual([{ text: "Be brief. ü" }]);
  expect(inputFor({ ...TALK, settings: NO_SETTINGS }, SLOT, "x", 0)).toEqual({
    modelId: "a.b-v1:0",
    messages: [{ role: "user", content: [{ text: "x" }] }],
  });
});

test("to send an earlier message again drops what came after it", () => {
  const turn = { id: 2, text: "Other?", answers: {} };
  expect(changed(TALK, { type: "asked", turn, after: 1 }).turns.map(({ text }) => text)).toEqual(["One?", "Other?"]);
});

test("a late answer to a message that was dropped changes nothing", () => {
  const late = changed(TALK, { type: "answered", turn: 9, slot: 0, answer: said("late") });
  expect(late.turns).toEqual(TALK.turns);
});

test("an answer is the fold of its events, with its figures", () => {
  let answer = begun("a.b-v1:0", { modelId: "a.b-v1:0" });
  const delta = (text: string) => ({ contentBlockDelta: { delta: { text }, contentBlockIndex: 0 } });
  answer = advanced(answer, { messageStart: { role: "assistant" } }, 50);
  answer = advanced(answer, delta("Ein"), 100);
  answer = advanced(answer, delta("s."), 300);
  answer = advanced(answer, { messageStop: { stopReason: "end_turn" } }, 310);
  answer = advanced(answer, { metadata: { usage: { inputTokens: 5, outputTokens: 11, totalTokens: 16 }, metrics: { latencyMs: 1 } } }, 320);
  expect(answer.text).toBe("Eins.");
  expect(answer.reason).toBe("end_turn");
  expect(answer.figures).toEqual({ first: 100, total: 300, inputTokens: 5, outputTokens: 11 });
  expect(rate(answer.figures)).toBe(50);
  expect(rate({ outputTokens: 1, first: 100, total: 100 })).toBeNull();
});

test("numbers that no model takes are told", () => {
  expect(wrong({ ...NO_SETTINGS, temperature: "2", topP: "x", maxTokens: "1.5" })).toEqual({ temperature: true, topP: true, maxTokens: true });
  expect(wrong({ ...NO_SETTINGS, temperature: "0,7", topP: "1", maxTokens: "20" })).toEqual({});
});

test("a link holds the conversation behind the #, and opens it", async () => {
  const link = new URL(await linkTo(TALK, "http://craton/console/playground#old"));
  expect(link.pathname + link.search).toBe("/console/playground");
  expect(link.hash).toMatch(/^#play=[\w-]+$/);
  const opened = await linked(link.hash);
  expect(opened?.settings).toEqual(TALK.settings);
  expect(opened?.slots.map(({ modelId }) => modelId)).toEqual(["a.b-v1:0", "c.d-v1:0"]);
  expect(opened?.turns.map(({ text, answers }) => [text, answers[0]?.text, answers[1]?.text])).toEqual([
    ["One?", "Eins.", undefined],
    ["Two?", "Zwei.", "Deux."],
  ]);
  expect(opened?.draft).toBe("Three?");
});

test("a link that was cut opens nothing, and one to a model begins with it", async () => {
  expect(await linked("#play=abc")).toBeNull();
  expect(await linked("")).toBeNull();
  expect((await linked("#model=a.b-v1%3A0"))?.slots).toEqual([{ id: 0, modelId: "a.b-v1:0" }]);
  expect(EMPTY.turns).toEqual([]);
});
