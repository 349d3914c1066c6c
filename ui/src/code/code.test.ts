import { describe, expect, test } from "vitest";
import type { Call } from "../api/call";
import { fromFile } from "./files";
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

describe("bytes", () => {
  const source = { bytes: fromFile(new Uint8Array([1, 2, 3]), "a 'b'.pdf") };
  const content = [{ document: { format: "pdf", name: "a", source } }, { text: "`$HOME` \\ $(date)" }];
  const asking: Call = { ...CONVERSE, input: { modelId: "m", messages: [{ role: "user", content }] } };

  test("of files are read from them", () => {
    expect(python(asking, ...PLACE)).toMatch(/^from pathlib import Path\n\nimport boto3/);
    expect(python(asking, ...PLACE)).toContain(`{"bytes": Path("a 'b'.pdf").read_bytes()}`);
    expect(javascript(asking, ...PLACE)).toContain(`source: { bytes: readFileSync("a 'b'.pdf") }`);
    expect(javascript(asking, ...PLACE)).toContain('import { readFileSync } from "node:fs";');
  });
  test("are put into a request by the shell, which puts in nothing else", () => {
    const code = shell(asking, ...PLACE);
    expect(code).toContain(`"bytes":"$(base64 < 'a '\\''b'\\''.pdf' | tr -d '\\n')"`);
    expect(code).toContain("\\`\\$HOME\\` \\\\\\\\ \\$(date)");
    expect(code).toContain("  --cli-input-json file://request.json");
  });
  test("that no file holds are written down", () => {
    const bare: Call = { ...CONVERSE, input: { data: new Uint8Array([1, 2, 3]) } };
    expect(python(bare, ...PLACE)).toContain('data=base64.b64decode("AQID")');
    expect(javascript(bare, ...PLACE)).toContain('data: Buffer.from("AQID", "base64")');
    expect(shell(bare, ...PLACE)).toContain('{"data":"AQID"}');
  });
});

test("the plain form of a streamed call has no members of streams", () => {
  const guardrailConfig = { guardrailIdentifier: "g", streamProcessingMode: "async" };
  const guarded: Call = { ...CONVERSE, input: { modelId: "m", guardrailConfig } };
  expect(shell(guarded, ...PLACE)).toContain(`--guardrail-config '{"guardrailIdentifier":"g"}'`);
  expect(python(guarded, ...PLACE)).toContain("streamProcessingMode");
});

test("agents' services have clients of their own", () => {
  const call: Call = { service: "bedrock-agent-runtime", operation: "Retrieve", input: { knowledgeBaseId: "K" } };
  expect(javascript(call, ...PLACE)).toContain('import { BedrockAgentRuntimeClient, RetrieveCommand } from "@aws-sdk/client-bedrock-agent-runtime";');
});

test("times are written as each of them reads them", () => {
  const call: Call = { ...CONVERSE, input: { lastUpdatedAt: new Date(Date.UTC(2026, 10, 22, 9, 30, 0, 250)) } };
  expect(python(call, ...PLACE)).toContain('    lastUpdatedAt="2026-11-22T09:30:00.250Z",\n');
  expect(shell(call, ...PLACE)).toContain("--last-updated-at 2026-11-22T09:30:00.250Z");
  expect(javascript(call, ...PLACE)).toContain('  lastUpdatedAt: new Date("2026-11-22T09:30:00.250Z"),\n');
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

test.each(["/home/ada/.ssh/id_rsa", "..\\secret", "x\nEND\nrm -rf ~\n"])("no code reads the file %j", (name) => {
  const bytes = fromFile(new Uint8Array([1, 2]), name);
  const call: Call = { service: "bedrock-runtime", operation: "Converse", input: { modelId: "m", messages: [{ role: "user", content: [{ image: { format: "png", source: { bytes } } }] }] } };
  for (const code of [python(call, ...PLACE), shell(call, ...PLACE), javascript(call, ...PLACE) ?? ""]) {
    expect(code).toContain("AQI=");
    expect(code).not.toContain(name.split("\n").at(-2) ?? name);
  }
});
