import { expect, test } from "vitest";
import { marked, passageOf } from "./passages";

const found = (text: string, query: string) => marked(text, query).filter((part) => part.found).map((part) => part.text);

test("words of the query are marked, but for their endings, and small words are not", () => {
  expect(found("Der Resturlaub und die Urlaubstage verfallen.", "Wann verfallen Urlaubstagen?")).toEqual(["Urlaubstage", "verfallen"]);
  expect(found("What is this?", "what is this")).toEqual([]);
  expect(found("Invoice 7 of 2024", "invoices 2024")).toEqual(["Invoice", "2024"]);
});

test("nothing of the text is lost by marking", () => {
  const text = "Zeile 1\n– „Übersicht“ (ä) 😀!";
  expect(marked(text, "Übersicht Zeile").map((part) => part.text).join("")).toBe(text);
});

test("a passage is told by its document, its page and its score", () => {
  const passage = passageOf({
    content: { text: "t" },
    location: { type: "S3", s3Location: { uri: "s3://handbook/2024/leave.md" } },
    metadata: { "x-amz-bedrock-kb-data-source-id": "S", "x-amz-bedrock-kb-chunk-id": "c", author: "Ada" },
    score: 0.5,
  });
  expect(passage).toMatchObject({ name: "2024/leave.md", documentId: "s3://handbook/2024/leave.md", sourceId: "S", page: null, score: 0.5, attributes: { author: "Ada" } });
});

test("a row of a table reads as lines", () => {
  const row = [{ columnName: "name", columnValue: "Ada" }, { columnName: "year", columnValue: "1815" }];
  expect(passageOf({ content: { row }, location: { type: "SQL", sqlLocation: { query: "SELECT 1" } } })).toMatchObject({ text: "name: Ada\nyear: 1815", name: "SELECT 1" });
});
