import { expect, test } from "vitest";
import { type Answer, advanced, asksTools, begun, callsOf, rate, textOf } from "./answer";

const folded = (...events: [Parameters<typeof advanced>[1], number][]): Answer =>
  events.reduce((answer, [event, at]) => advanced(answer, event, at), begun("a.b-v1:0", { modelId: "a.b-v1:0" }));
const text = (text: string, contentBlockIndex = 0) => ({ contentBlockDelta: { delta: { text }, contentBlockIndex } });

test("an answer is the fold of its events, with its figures", () => {
  const answer = folded(
    [{ messageStart: { role: "assistant" } }, 50],
    [text("Ein"), 100],
    [text("s."), 300],
    [{ messageStop: { stopReason: "end_turn" } }, 310],
    [{ metadata: { usage: { inputTokens: 5, outputTokens: 11, totalTokens: 16 }, metrics: { latencyMs: 1 } } }, 320],
  );
  expect(textOf(answer)).toBe("Eins.");
  expect(answer.reason).toBe("end_turn");
  expect(answer.figures).toEqual({ first: 100, total: 300, inputTokens: 5, outputTokens: 11 });
  expect(rate(answer.figures)).toBe(50);
  expect(rate({ outputTokens: 1, first: 100, total: 100 })).toBeNull();
});

test("thoughts, texts and calls keep their order, and a call's input comes in parts", () => {
  const answer = folded(
    [{ contentBlockDelta: { delta: { reasoningContent: { text: "Hm" } }, contentBlockIndex: 0 } }, 1],
    [{ contentBlockDelta: { delta: { reasoningContent: { signature: "s" } }, contentBlockIndex: 0 } }, 2],
    [text("I look.", 1), 3],
    [{ contentBlockStart: { start: { toolUse: { toolUseId: "t", name: "weather" } }, contentBlockIndex: 2 } }, 4],
    [{ contentBlockDelta: { delta: { toolUse: { input: '{"city":' } }, contentBlockIndex: 2 } }, 5],
    [{ contentBlockDelta: { delta: { toolUse: { input: '"Ulm"}' } }, contentBlockIndex: 2 } }, 6],
    [{ messageStop: { stopReason: "tool_use" } }, 7],
  );
  expect(answer.blocks).toEqual([
    { kind: "thinking", at: 0, text: "Hm", signature: "s" },
    { kind: "text", at: 1, text: "I look." },
    { kind: "call", at: 2, id: "t", name: "weather", input: '{"city":"Ulm"}' },
  ]);
  expect(asksTools({ ...answer, progress: "done" })).toBe(true);
  expect(asksTools({ ...answer, progress: "stopped" })).toBe(false);
});

test("a call that broke off asks for nothing", () => {
  const answer = folded(
    [{ contentBlockStart: { start: { toolUse: { toolUseId: "t", name: "weather" } }, contentBlockIndex: 0 } }, 4],
    [{ contentBlockDelta: { delta: { toolUse: { input: '{"city":' } }, contentBlockIndex: 0 } }, 5],
  );
  expect(callsOf(answer)).toHaveLength(1);
  expect(asksTools({ ...answer, progress: "done" })).toBe(false);
});

test("what a guardrail found comes with the last event", () => {
  const guardrail = { actionReason: "Blocked." };
  const metadata = { usage: { inputTokens: 0, outputTokens: 0, totalTokens: 0 }, metrics: { latencyMs: 1 }, trace: { guardrail } };
  expect(folded([{ metadata }, 9]).guardrail).toEqual(guardrail);
});
