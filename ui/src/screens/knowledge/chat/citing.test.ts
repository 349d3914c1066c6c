import type { Citation } from "@aws-sdk/client-bedrock-agent-runtime";
import { expect, test } from "vitest";
import { cited } from "./citing";

function citation(start: number, end: number, ...chunks: string[]): Citation {
  return {
    generatedResponsePart: { textResponsePart: { span: { start, end } } },
    retrievedReferences: chunks.map((id) => ({
      content: { text: `text of ${id}` },
      location: { type: "CUSTOM", customDocumentLocation: { id: "doc.pdf" } },
      metadata: { "x-amz-bedrock-kb-chunk-id": id, "x-amz-bedrock-kb-document-page-number": 2, year: 2024 },
    })),
  };
}

test("each sentence has the numbers of its passages, in the order they come", () => {
  const { pieces, passages } = cited("One. Two. Three.", [citation(0, 3, "b"), citation(5, 8, "a", "b"), citation(10, 15)]);
  expect(pieces).toEqual([
    { text: "One.", marks: [1] },
    { text: " Two.", marks: [2, 1] },
    { text: " Three.", marks: [] },
  ]);
  expect(passages.map(({ chunkId, page, name, attributes }) => [chunkId, page, name, attributes])).toEqual([
    ["b", 2, "doc.pdf", { year: 2024 }],
    ["a", 2, "doc.pdf", { year: 2024 }],
  ]);
});

test("spans count characters as people see them, not halves of them", () => {
  const { pieces } = cited("😀 gut. Ende.", [citation(0, 5, "a")]);
  expect(pieces).toEqual([
    { text: "😀 gut.", marks: [1] },
    { text: " Ende.", marks: [] },
  ]);
});

test("what has streamed in and has no citation yet is shown all the same", () => {
  expect(cited("Begun", []).pieces).toEqual([{ text: "Begun", marks: [] }]);
});
