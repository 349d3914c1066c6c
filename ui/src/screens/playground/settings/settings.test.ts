import { expect, test } from "vitest";
import { SCHEMA, TOOLS } from "./examples";
import { configOf, NO_SETTINGS, toolNames, wrong } from "./settings";

const kinds = (settings: Partial<typeof NO_SETTINGS>) =>
  Object.fromEntries(Object.entries(wrong({ ...NO_SETTINGS, ...settings })).map(([name, { kind }]) => [name, kind]));

test("numbers that no model takes are told", () => {
  expect(kinds({ temperature: "2", topP: "x", maxTokens: "1.5" })).toEqual({ temperature: "number", topP: "number", maxTokens: "count" });
  expect(kinds({ temperature: "0,7", topP: "1", maxTokens: "20" })).toEqual({});
});

test("JSON that is none, or another thing, is told", () => {
  expect(kinds({ tools: "[", schema: "[]", fields: "1" })).toEqual({ tools: "json", schema: "object", fields: "object" });
  expect(kinds({ tools: "[]" })).toEqual({ tools: "tools" });
  expect(kinds({ tools: '[{"toolSpec": {"name": "x"}}]' })).toEqual({ tools: "tools" });
  expect(kinds({ tools: TOOLS, schema: SCHEMA })).toEqual({});
  expect(kinds({ guarded: "on" })).toEqual({ guardrail: "chosen" });
});

test("the members of the call follow from what was typed", () => {
  const settings = { ...NO_SETTINGS, tools: TOOLS, toolChoice: "get_weather", schema: SCHEMA, fields: '{"top_k": 4}' };
  expect(toolNames(settings)).toEqual(["get_weather"]);
  expect(configOf(settings)).toEqual({
    additionalModelRequestFields: { top_k: 4 },
    toolConfig: { tools: JSON.parse(TOOLS), toolChoice: { tool: { name: "get_weather" } } },
    outputConfig: { textFormat: { type: "json_schema", structure: { jsonSchema: { name: "answer", schema: SCHEMA } } } },
  });
  const guarded = { ...NO_SETTINGS, guardrail: "g1", guardrailVersion: "3", guardrailMode: "async" };
  expect(configOf({ ...guarded, guarded: "on" }).guardrailConfig).toEqual({
    guardrailIdentifier: "g1",
    guardrailVersion: "3",
    trace: "enabled",
    streamProcessingMode: "async",
  });
  expect(configOf(guarded)).toEqual({});
});
