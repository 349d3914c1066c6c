import { expect, test } from "vitest";
import { documentOf, MANAGED, reachOf, WRITTEN } from "./scopes";

test("what was written in plain words is told in plain words", () => {
  const inline = [
    { name: WRITTEN.ask, document: documentOf("ask") },
    { name: WRITTEN.models, document: JSON.stringify(JSON.parse(documentOf("models", ["a:0", "b.c"])), null, 2) },
  ];
  expect(reachOf({ attached: [MANAGED.administer, "arn:aws:iam::123456789012:policy/own"], inline })).toEqual([
    { scope: "administer" },
    { policy: "own" },
    { scope: "ask" },
    { scope: "models", models: ["a:0", "b.c"] },
  ]);
});

test("a policy that says something else under our name is told by its name", () => {
  const wider = documentOf("models", ["a"]).replace("bedrock:Rerank", "bedrock:*");
  const inline = [
    { name: WRITTEN.models, document: wider },
    { name: WRITTEN.ask, document: "no JSON" },
    { name: "other", document: documentOf("ask") },
  ];
  expect(reachOf({ attached: [], inline })).toEqual([{ policy: WRITTEN.models }, { policy: WRITTEN.ask }, { policy: "other" }]);
});
