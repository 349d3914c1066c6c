import { expect, test } from "vitest";
import { converseOf, readable } from "./conversed";

test("Converse is taken as it is", () => {
  const body = { messages: [{ role: "user", content: [{ text: "Hi" }] }], inferenceConfig: { maxTokens: 5 } };
  expect(converseOf("bedrock-runtime.ConverseStream", "m", JSON.stringify(body))).toEqual({ ...body, modelId: "m" });
});

test("what the OpenAI API says", () => {
  const body = {
    model: "m",
    messages: [
      { role: "system", content: "Be brief." },
      { role: "user", content: [{ type: "text", text: "Hi" }] },
    ],
    max_completion_tokens: 9,
    stop: "END",
  };
  expect(converseOf("openai.chat.completions", "m", JSON.stringify(body))).toEqual({
    modelId: "m",
    messages: [{ role: "user", content: [{ text: "Hi" }] }],
    system: [{ text: "Be brief." }],
    inferenceConfig: { maxTokens: 9, stopSequences: ["END"] },
  });
});

test("what the Anthropic API says", () => {
  const body = { model: "m", system: "Be brief.", messages: [{ role: "user", content: "Hi" }], max_tokens: 9, temperature: 0 };
  expect(converseOf("anthropic.messages", "m", JSON.stringify(body))).toEqual({
    modelId: "m",
    messages: [{ role: "user", content: [{ text: "Hi" }] }],
    system: [{ text: "Be brief." }],
    inferenceConfig: { maxTokens: 9, temperature: 0 },
  });
});

test("what is no conversation leads to no playground", () => {
  expect(converseOf("bedrock-runtime.InvokeModel", "m", '{"inputText":"Hi"}')).toBeNull();
  expect(converseOf("bedrock-runtime.InvokeModel", "m", "no JSON")).toBeNull();
  expect(converseOf("openai.chat.completions", "m", '{"messages":[{"role":"user","content":[{"type":"image_url"}]}]}')).toBeNull();
});

test("long bytes are cut, long texts are not", () => {
  expect(readable(JSON.stringify({ bytes: "A".repeat(1000) }))).toContain("… (1000)");
  expect(readable(JSON.stringify({ text: "A ".repeat(500) }))).not.toContain("…");
  expect(readable("plain")).toBe("plain");
});
