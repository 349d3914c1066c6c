import { describe, expect, it } from "vitest";
import { inputFor, judgedOf, NOTHING } from "./asked";

const asked = { ...NOTHING, text: "durian for a@b.org" };
const usage = {
  topicPolicyUnits: 0,
  contentPolicyUnits: 0,
  wordPolicyUnits: 1,
  sensitiveInformationPolicyUnits: 0,
  sensitiveInformationPolicyFreeUnits: 0,
  contextualGroundingPolicyUnits: 0,
};

describe("what is asked", () => {
  it("has a source and a question for answers alone", () => {
    const compared = { ...asked, grounding: "Durian is a fruit.", query: "What is it?" };
    expect(inputFor(compared, "g", "DRAFT").content).toEqual([{ text: { text: asked.text } }]);
    expect(inputFor({ ...compared, source: "OUTPUT" }, "g", "1").content?.map(({ text }) => text?.qualifiers)).toEqual([
      ["grounding_source"],
      ["query"],
      undefined,
    ]);
  });
});

describe("what was judged", () => {
  const found = { wordPolicy: { customWords: [{ match: "durian", action: "BLOCKED" as const, detected: true }], managedWordLists: [] } };

  it("names who decided, and what it took", () => {
    const judged = judgedOf(asked, "DRAFT", {
      action: "GUARDRAIL_INTERVENED",
      actionReason: "Guardrail blocked.",
      outputs: [{ text: "No." }],
      usage,
      assessments: [{ ...found, invocationMetrics: { guardrailProcessingLatency: 12 } }],
      guardrailCoverage: { textCharacters: { guarded: 18, total: 18 } },
    });
    expect(judged).toMatchObject({ outcome: "blocked", outputs: ["No."], milliseconds: 12, guarded: 18, doubt: "" });
    expect(judged.by.map(({ name }) => name)).toEqual(["durian"]);
    expect(judged.units).toEqual([["wordPolicyUnits", 1]]);
  });

  it("is blocked by doubt, by nobody else", () => {
    const judged = judgedOf(asked, "1", {
      action: "GUARDRAIL_INTERVENED",
      actionReason: "Guardrail blocked. The topicPolicy could not be judged: no model.",
      outputs: [{ text: "No." }],
      usage,
      assessments: [
        { sensitiveInformationPolicy: { piiEntities: [{ type: "EMAIL", match: "a@b.org", action: "ANONYMIZED", detected: true }], regexes: [] } },
      ],
    });
    expect(judged).toMatchObject({ outcome: "blocked", by: [], doubt: "The topicPolicy could not be judged: no model." });
  });

  it("passes where nothing was found", () => {
    const judged = judgedOf(asked, "1", { action: "NONE", actionReason: "No action.", outputs: [], usage, assessments: [{}] });
    expect(judged).toMatchObject({ outcome: "passed", found: [], doubt: "" });
  });
});
