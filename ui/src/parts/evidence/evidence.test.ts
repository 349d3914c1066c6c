import { describe, expect, it } from "vitest";
import { counted, decided, evidenceIn, type Found } from "./evidence";
import { pieces } from "./marks";
import { linesOf } from "./reasoning";

const word = (matched: string, action: Found["action"] = "BLOCKED"): Found => ({
  policy: "word",
  group: "word",
  name: matched,
  action,
  detected: true,
  matched,
});
const email: Found = { policy: "sensitive", group: "entity", name: "EMAIL", action: "ANONYMIZED", detected: true, matched: "a@b.org" };

describe("an assessment", () => {
  it("becomes one list, whatever policy tells it", () => {
    const all = evidenceIn({
      topicPolicy: { topics: [{ name: "Tax", type: "DENY", action: "BLOCKED" }] },
      contentPolicy: { filters: [{ type: "HATE", confidence: "LOW", filterStrength: "MEDIUM", action: "NONE", detected: false }] },
      wordPolicy: { customWords: [{ match: "durian", action: "BLOCKED", detected: true }], managedWordLists: [] },
      sensitiveInformationPolicy: {
        piiEntities: [{ type: "EMAIL", match: "a@b.org", action: "ANONYMIZED", detected: true }],
        regexes: [],
      },
      contextualGroundingPolicy: { filters: [{ type: "GROUNDING", threshold: 0.7, score: 0, action: "BLOCKED", detected: true }] },
    });
    expect(all.map(({ policy, name, detected }) => [policy, name, detected])).toEqual([
      ["topic", "Tax", true],
      ["content", "HATE", false],
      ["word", "durian", true],
      ["sensitive", "EMAIL", true],
      ["grounding", "GROUNDING", true],
    ]);
    expect(all[4]).toMatchObject({ score: 0, threshold: 0.7 });
  });

  it("is decided by what did the most", () => {
    expect(decided([email, word("x")]).outcome).toBe("blocked");
    expect(decided([email, word("x", "NONE")])).toEqual({ outcome: "masked", by: [email] });
    expect(decided([word("x", "NONE")]).outcome).toBe("noticed");
    expect(decided([{ ...email, detected: false }])).toEqual({ outcome: "passed", by: [] });
  });

  it("tells the same finding once, with how often", () => {
    expect(counted([word("x"), email, word("x")]).map(({ times }) => times)).toEqual([2, 1]);
  });
});

describe("marks", () => {
  const told = (text: string, found: Found[]) => pieces(text, found).map((piece) => [piece.text, piece.found.length]);

  it("give the text back when joined", () => {
    const text = "durian for a@b.org, durian";
    expect(pieces(text, [word("durian"), email, word("durian")]).map((piece) => piece.text).join("")).toBe(text);
    expect(told(text, [word("durian"), email, word("durian")])).toEqual([
      ["durian", 1],
      [" for ", 0],
      ["a@b.org", 1],
      [", ", 0],
      ["durian", 1],
    ]);
  });

  it("are as many as the findings", () => {
    expect(told("x x x", [word("x"), word("x")])).toEqual([
      ["x", 1],
      [" ", 0],
      ["x", 1],
      [" x", 0],
    ]);
  });

  it("lie rather on a word than within one", () => {
    expect(told("banana an", [word("an")])).toEqual([
      ["banana ", 0],
      ["an", 1],
    ]);
  });

  it("become one where they overlap, what blocks first", () => {
    const [first] = pieces("a@b.org", [email, word("b.org")]);
    expect(first?.found.map(({ action }) => action)).toEqual(["BLOCKED", "ANONYMIZED"]);
  });

  it("leave out what was not found", () => {
    expect(told("a@b.org", [{ ...email, detected: false }])).toEqual([["a@b.org", 0]]);
  });
});

it("reads findings of every kind", () => {
  const lines = linesOf({
    invalid: {
      translation: { premises: [{ naturalLanguage: "tenure is 6", logic: "(= tenure 6)" }], claims: [{ logic: "eligible" }] },
      contradictingRules: [{ identifier: "B1B2C3D4E5F6" }],
    },
  });
  expect(lines.premises).toEqual(["tenure is 6"]);
  expect(lines.claims).toEqual(["eligible"]);
  expect(lines.contradicting).toEqual(["B1B2C3D4E5F6"]);
  expect(linesOf({ tooComplex: {} }).premises).toEqual([]);
});
