import { expect, test } from "vitest";
import { advanced, BEGUN, changed, inputFor, isBusy, NO_TALK } from "./talk";

const CHOICES = { modelArn: "arn:model", results: 3 };

test("an answer grows by its events", () => {
  const events = [{ output: { text: "It was " } }, { output: { text: "1874." } }, { citation: { generatedResponsePart: { textResponsePart: { text: "It was 1874." } } } }, { guardrail: { action: "INTERVENED" as const } }];
  const answer = events.reduce((before, event) => advanced(before, event as Parameters<typeof advanced>[1]), BEGUN);
  expect(answer).toMatchObject({ text: "It was 1874.", progress: "streaming", blocked: true });
  expect(answer.citations).toHaveLength(1);
});

test("a follow-up question goes on in the session of the first answer", () => {
  expect(inputFor("B", CHOICES, "Who?", null)).not.toHaveProperty("sessionId");
  const turn = { id: 1, question: "Who?", input: inputFor("B", CHOICES, "Who?", null), answer: BEGUN };
  const talk = changed({ ...NO_TALK, turns: [turn] }, 1, { ...BEGUN, progress: "done" }, "session");
  expect(isBusy(talk)).toBe(false);
  expect(inputFor("B", CHOICES, "And when?", talk.sessionId)).toMatchObject({ sessionId: "session" });
});

test("tables are not asked for a number of passages", () => {
  const input = inputFor("B", { ...CHOICES, results: null }, "Who?", null);
  expect(input.retrieveAndGenerateConfiguration?.knowledgeBaseConfiguration).not.toHaveProperty("retrievalConfiguration");
});
