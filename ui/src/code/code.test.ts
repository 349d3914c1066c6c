import { describe, expect, test } from "vitest";
import type { Call } from "../api/call";
import { pieces } from "./highlight";
import { javascript } from "./javascript";
import { python } from "./python";
import { quoted, shell } from "./shell";
import { kebab, snake } from "./words";

const PLACE = ["http://127.0.0.1:8080", "eu-central-1"] as const;
const CONVERSE: Call = {
  service: "bedrock-runtime",
  operation: "ConverseStream",
  input: {
    modelId: "a.b-v1:0",
    messages: [{ role: "user", content: [{ text: 'It\'s "ü"\n' }] }],
    inferenceConfig: { temperature: 0, stopSequences: ["\n"] },
    flag: true,
    nothing: undefined,
  },
};
const LIST: Call = { service: "craton", operation: "ListLocalModels", input: {} };

test("names are written as botocore and the AWS CLI write them", () => {
  expect(snake("ListFoundationModels")).toBe("list_foundation_models");
  expect(snake("GetAPIKey")).toBe("get_api_key");
  expect(kebab("modelId")).toBe("model-id");
});

test("a call is a boto3 program with Python's literals", () => {
  const code = python(CONVERSE, ...PLACE);
  expect(code).toContain("client.converse_stream(\n");
  expect(code).toContain('    messages=[{"role": "user", "content": [{"text": "It\'s \\"ü\\"\\n"}]}],\n');
  expect(code).toContain("    flag=True,\n");
  expect(code).not.toContain("nothing");
  expect(code).toContain('for event in answer["stream"]:');
});

test("a call is a command that a shell takes apart as it was", () => {
  const code = shell(CONVERSE, ...PLACE);
  expect(code).toContain("aws bedrock-runtime converse \\\n");
  expect(code).toContain("# The AWS CLI has no streamed operations");
  expect(code).toContain(`'[{"role":"user","content":[{"text":"It'\\''s \\"ü\\"\\n"}]}]'`);
  expect(quoted("plain-1:0")).toBe("plain-1:0");
  expect(quoted("a b")).toBe("'a b'");
  expect(quoted("")).toBe("''");
});

test("Craton's own operations say where their model is, and have no JavaScript", () => {
  expect(python(LIST, ...PLACE)).toMatch(/^# .*AWS_DATA_PATH.*\nimport boto3/);
  expect(python(LIST, ...PLACE)).toContain("client.list_local_models()");
  expect(javascript(LIST, ...PLACE)).toBeNull();
});

test("a call is a JavaScript program that reads the stream", () => {
  const code = javascript(CONVERSE, ...PLACE);
  expect(code).toContain('import { BedrockRuntimeClient, ConverseStreamCommand } from "@aws-sdk/client-bedrock-runtime";');
  expect(code).toContain('  modelId: "a.b-v1:0",');
  expect(code).toContain("for await (const event of answer.stream)");
});

describe("colours", () => {
  test("change no letter of the code", () => {
    for (const language of ["python", "shell", "javascript"] as const) {
      const code = python(CONVERSE, ...PLACE) + shell(CONVERSE, ...PLACE);
      expect(pieces(code, language).map(([, text]) => text).join("")).toBe(code);
    }
  });
  test("see words, strings, numbers and comments", () => {
    expect(pieces('for x in "a # b": 12 # c', "python").filter(([kind]) => kind !== "plain")).toEqual([
      ["word", "for"],
      ["word", "in"],
      ["string", '"a # b"'],
      ["number", "12"],
      ["comment", "# c"],
    ]);
  });
});
