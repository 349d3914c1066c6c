import { expect, test } from "vitest";
import { type Attachment } from "../files/files";
import { addressOf, linked, linkTo } from "../link";
import { FIRST_SETTINGS, NO_SETTINGS } from "../settings/settings";
import { type Answer, begun, type Block, callsOf, resultFor, textOf, told } from "./answer";
import { changed, type Conversation, EMPTY, settled, type Turn } from "./conversation";
import { conversationOf } from "./converse";
import { inputFor, inputWithResults } from "./input";
import { keptOf, opened } from "./kept";

const SLOT = { id: 0, modelId: "a.b-v1:0" };
const OTHER = { id: 3, modelId: "c.d-v1:0" };
const said = (text: string): Answer => told(SLOT.modelId, [{ kind: "text", at: 0, text }]);
const turn = (id: number, text: string, answers: Turn["answers"]): Turn => ({ id, text, files: [], answers });
const draft = { text: "Three?", files: [] };
const TALK: Conversation = {
  slots: [SLOT, OTHER],
  settings: { ...NO_SETTINGS, system: "Be brief. ü", temperature: "0,5", stop: "END\n" },
  turns: [turn(0, "One?", { 0: [said("Eins.")] }), turn(1, "Two?", { 0: [said("Zwei.")], 3: [said("Deux.")] })],
  draft,
  lost: [],
};
const CALL: Block = { kind: "call", at: 0, id: "t1", name: "weather", input: '{"city":"Ulm"}' };
const called = { ...told(SLOT.modelId, [CALL]), results: { t1: { text: '{"sky":"clear"}', failed: false } } };

test("a model is sent the conversation as it saw it, and only what was set", () => {
  const texts = (slot: typeof SLOT) => inputFor(TALK, slot, draft, 2).messages?.map(({ content }) => content?.[0]?.text);
  expect(texts(SLOT)).toEqual(["One?", "Eins.", "Two?", "Zwei.", "Three?"]);
  expect(texts(OTHER)).toEqual(["Two?", "Deux.", "Three?"]);
  const input = inputFor(TALK, SLOT, draft, 2);
  expect(input.inferenceConfig).toEqual({ temperature: 0.5, stopSequences: ["END"] });
  expect(input.system).toEqual([{ text: "Be brief. ü" }]);
  expect(inputFor({ ...TALK, settings: NO_SETTINGS }, SLOT, draft, 0)).toEqual({
    modelId: "a.b-v1:0",
    messages: [{ role: "user", content: [{ text: "Three?" }] }],
  });
});

test("files go before the text; those that are not here are not sent", () => {
  const bytes = new Uint8Array([1, 2]);
  const pdf: Attachment = { kind: "document", format: "pdf", fileName: "a.pdf", name: "a", size: 2, bytes };
  const lost = { ...pdf, bytes: null };
  expect(inputFor(EMPTY, SLOT, { text: "Read.", files: [pdf, lost] }, 0).messages).toEqual([
    { role: "user", content: [{ document: { format: "pdf", name: "a", source: { bytes } } }, { text: "Read." }] },
  ]);
});

test("the results of tools go back behind their calls: objects as JSON, errors as such", () => {
  const talk = { ...TALK, turns: [turn(0, "Weather?", { 0: [called] })] };
  expect(inputWithResults(talk, SLOT, 0).messages).toEqual([
    { role: "user", content: [{ text: "Weather?" }] },
    { role: "assistant", content: [{ toolUse: { toolUseId: "t1", name: "weather", input: { city: "Ulm" } } }] },
    { role: "user", content: [{ toolResult: { toolUseId: "t1", content: [{ json: { sky: "clear" } }] } }] },
  ]);
  const failed = { ...called, results: { t1: { text: "no network", failed: true } } };
  const results = inputWithResults({ ...talk, turns: [turn(0, "Weather?", { 0: [failed] })] }, SLOT, 0).messages?.at(-1)?.content;
  expect(results).toEqual([{ toolResult: { toolUseId: "t1", content: [{ text: "no network" }], status: "error" } }]);
});

test("calls that were never given results are left out, and the roles take turns", () => {
  const roles = (answers: Answer[]) => inputFor({ ...TALK, turns: [turn(0, "Weather?", { 0: answers })] }, SLOT, draft, 1).messages?.map(({ role }) => role);
  expect(roles([called])).toEqual(["user"]);
  expect(roles([called, said("Clear.")])).toEqual(["user", "assistant", "user", "assistant", "user"]);
  const open = { ...called, results: {} };
  expect(roles([called, open])).toEqual(["user", "assistant", "user"]);
});

test("thoughts go back only where they were signed", () => {
  const thinking: Block = { kind: "thinking", at: 0, text: "Hm." };
  const content = (block: Block) =>
    inputFor({ ...TALK, turns: [turn(0, "?", { 0: [told("m", [block, { kind: "text", at: 1, text: "Yes." }])] })] }, SLOT, draft, 1).messages?.[1]?.content;
  expect(content(thinking)).toEqual([{ text: "Yes." }]);
  expect(content({ ...thinking, signature: "s" })?.[0]).toEqual({ reasoningContent: { reasoningText: { text: "Hm.", signature: "s" } } });
});

test("to send an earlier message again drops what came after it", () => {
  const after = changed(TALK, { type: "asked", turn: turn(2, "Other?", {}), after: 1 });
  expect(after.turns.map(({ text }) => text)).toEqual(["One?", "Other?"]);
});

test("a late answer to a message that was dropped changes nothing, and a late cost only its own answer", () => {
  const which = { turn: 9, slot: 0, place: 0 };
  expect(changed(TALK, { type: "answered", which, answer: said("late") }).turns).toEqual(TALK.turns);
  const charges = { cost: { amount: "0.5", currency: "EUR" }, outputTokens: 3 };
  const charge = (requestId: string) => {
    const asked = { ...TALK, turns: [turn(0, "?", { 0: [{ ...said("x"), requestId: "r1" }] })] };
    return changed(asked, { type: "charged", which: { turn: 0, slot: 0, place: 0 }, requestId, charges }).turns[0]?.answers[0]?.[0];
  };
  expect(charge("r1")).toMatchObject({ cost: charges.cost, figures: { outputTokens: 3 } });
  expect(charge("r2")?.cost).toBeNull();
});

test("what somebody typed as a result stays while the answer still changes", () => {
  const which = { turn: 0, slot: 0, place: 0 };
  const talk = { ...TALK, turns: [turn(0, "?", { 0: [told("m", [CALL])] })] };
  const resulted = changed(talk, { type: "resulted", which, call: "t1", result: { text: "x", failed: false } });
  const answered = changed(resulted, { type: "answered", which, answer: { ...told("m", [CALL]), reason: "tool_use" } });
  expect(answered.turns[0]?.answers[0]?.[0]).toMatchObject({ reason: "tool_use", results: { t1: { text: "x" } } });
});

test("a call may have any id, those of what every object has too", () => {
  const called = told("m", [{ kind: "call", at: 0, id: "__proto__", name: "x", input: "" }]);
  expect(resultFor(called, "__proto__")).toEqual({ text: "", failed: false });
  const given = changed({ ...TALK, turns: [turn(0, "?", { 0: [called] })] }, { type: "resulted", which: { turn: 0, slot: 0, place: 0 }, call: "__proto__", result: { text: "y", failed: false } });
  expect(resultFor(given.turns[0]?.answers[0]?.[0] ?? called, "__proto__").text).toBe("y");
});

test("who leaves finds what ran stopped", () => {
  const left = settled({ ...TALK, turns: [turn(0, "?", { 0: [begun("m", { modelId: "m" })] })] });
  expect(left.turns[0]?.answers[0]?.[0]?.progress).toBe("stopped");
});

test("a link holds the conversation behind the #, and opens it", async () => {
  const link = new URL(await linkTo(TALK, "http://craton/console/playground#old"));
  expect(link.pathname + link.search).toBe("/console/playground");
  expect(link.hash).toMatch(/^#play=[\w-]+$/);
  const found = (await linked(link.hash)) as Conversation;
  expect(found.settings).toEqual(TALK.settings);
  expect(found.slots.map(({ modelId }) => modelId)).toEqual(["a.b-v1:0", "c.d-v1:0"]);
  const texts = (answers?: Answer[]) => answers?.map(textOf);
  expect(found.turns.map(({ text, answers }) => [text, texts(answers[0]), texts(answers[1])])).toEqual([
    ["One?", ["Eins."], undefined],
    ["Two?", ["Zwei."], ["Deux."]],
  ]);
  expect(found.draft).toEqual(draft);
});

test("a link holds calls and results, but no files; a file holds those too, and the figures", () => {
  const bytes = new Uint8Array([0, 255, 7]);
  const files: Attachment[] = [{ kind: "image", format: "png", fileName: "a.png", name: "a", size: 3, bytes }];
  const answer = { ...called, figures: { outputTokens: 7 }, cost: { amount: "0.1", currency: "EUR" } };
  const talk = { ...TALK, slots: [SLOT], turns: [{ ...turn(0, "?", { 0: [answer, said("Clear.")] }), files }] };
  const again = (whole: boolean) => opened(JSON.parse(JSON.stringify(keptOf(talk, whole)))).turns[0];
  expect(again(false)?.files).toEqual([{ ...files[0], bytes: null }]);
  expect(again(false)?.answers[0]?.map(callsOf)).toEqual([[CALL], []]);
  expect(again(false)?.answers[0]?.[0]?.results).toEqual(called.results);
  expect(again(false)?.answers[0]?.[0]?.figures).toEqual({});
  expect(again(true)?.files).toEqual(files);
  expect(again(true)?.answers[0]?.[0]).toMatchObject({ figures: { outputTokens: 7 }, cost: { amount: "0.1" } });
});

test("a link that was cut is told of; one to a model or a guardrail begins with it", async () => {
  expect(await linked("#play=abc")).toBe("unreadable");
  expect(await linked("")).toBeNull();
  expect(await linked("#model=a.b-v1%3A0")).toMatchObject({ slots: [{ id: 0, modelId: "a.b-v1:0" }] });
  const settings = { ...FIRST_SETTINGS, guarded: "on", guardrail: "g1", guardrailVersion: "2" };
  expect(await linked("#guardrail=g1&version=2")).toMatchObject({ settings });
});

test("a request of Converse opens as the conversation that goes on with it", async () => {
  const talk = { ...TALK, turns: [turn(0, "Weather?", { 0: [called, said("Clear.")] })], slots: [SLOT] };
  const settings = { ...FIRST_SETTINGS, ...TALK.settings, schema: '{"type":"object"}', guarded: "on", guardrail: "g1", fields: '{"top_k":4}' };
  const input = inputFor({ ...talk, settings }, SLOT, draft, 1);
  const found = (await linked(new URL(await addressOf(input), "http://craton").hash)) as Conversation;
  expect(found && inputFor(found, SLOT, found.draft, 1)).toEqual({
    ...input,
    outputConfig: { textFormat: { type: "json_schema", structure: { jsonSchema: { name: "answer", schema: '{\n  "type": "object"\n}' } } } },
  });
  expect(found.lost).toEqual([]);
});

test("what a request holds and the playground has no place for is told", () => {
  const image = { image: { format: "png", source: {} } };
  const { lost, draft: left } = conversationOf({
    modelId: "m",
    messages: [{ role: "user", content: [image, { text: "See?" }] }],
    requestMetadata: { team: "a" },
    inferenceConfig: { maxTokens: 5, other: 1 },
  });
  expect(lost).toEqual(["messages[0].content[0]", "requestMetadata", "inferenceConfig.other"]);
  expect(left.text).toBe("See?");
});
