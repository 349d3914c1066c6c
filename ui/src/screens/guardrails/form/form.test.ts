import { describe, expect, it } from "vitest";
import { differences, type Called } from "../versions/differences";
import { BLOCKING, emptyForm, type Form, profileFor } from "./form";
import { lacking, sectionOf, told } from "./mistakes";
import { formOf } from "./reading";
import { alike, inputOf } from "./writing";

const empty = emptyForm({ blockedInput: "No.", blockedOutput: "Not from me." });
const everything: Form = {
  ...empty,
  name: "all",
  description: "All policies at once",
  filters: {
    ...empty.filters,
    SEXUAL: { input: { strength: "HIGH", action: "BLOCK", images: true }, output: { strength: "LOW", action: "NONE", images: false } },
    PROMPT_ATTACK: { ...empty.filters.PROMPT_ATTACK, input: { strength: "HIGH", action: "BLOCK", images: false } },
  },
  topics: [{ name: "Taxes", definition: "What to pay.", examples: ["What may I deduct?"], deeds: { input: "BLOCK", output: "NONE" } }],
  words: [{ text: "durian", deeds: { input: "OFF", output: "BLOCK" } }],
  profanity: BLOCKING,
  entities: { EMAIL: { input: "ANONYMIZE", output: "BLOCK" } },
  regexes: [{ name: "ticket", description: "", pattern: "T-\\d{6}", deeds: { input: "BLOCK", output: "ANONYMIZE" } }],
  comparisons: { ...empty.comparisons, GROUNDING: { on: true, threshold: 0.7, action: "BLOCK" } },
  reasoning: { policies: ["arn:policy:1"], threshold: "0.7" },
  tiers: { ...empty.tiers, topics: "STANDARD" },
  profile: "us.guardrail.v1:0",
};

/** As GetGuardrail answers what was configured: other names, nothing else. */
function answered(form: Form): Parameters<typeof formOf>[0] {
  const renamed = (value: unknown): unknown =>
    Array.isArray(value)
      ? value.map(renamed)
      : value !== null && typeof value === "object"
        ? Object.fromEntries(Object.entries(value).map(([name, inner]) => [name.replace(/Config$/, ""), renamed(inner)]))
        : value;
  const { crossRegionConfig, ...input } = inputOf(form);
  const profile = crossRegionConfig?.guardrailProfileIdentifier;
  return {
    ...(renamed(input) as object),
    ...(profile && { crossRegionDetails: { guardrailProfileId: profile, guardrailProfileArn: "" } }),
  } as Parameters<typeof formOf>[0];
}

describe("the form", () => {
  it("comes back as it was saved", () => {
    expect(formOf(answered(everything))).toEqual(everything);
    expect(formOf(answered(empty))).toEqual(empty);
  });

  it("leaves out what is off", () => {
    expect(inputOf(empty)).toEqual({ name: "", blockedInputMessaging: "No.", blockedOutputsMessaging: "Not from me." });
    const { contentPolicyConfig } = inputOf(everything);
    expect(contentPolicyConfig?.filtersConfig?.map(({ type }) => type)).toEqual(["SEXUAL", "PROMPT_ATTACK"]);
  });

  it("is as it was where a choice is taken back", () => {
    const back = { ...everything, entities: { NAME: { input: "OFF", output: "OFF" }, ...everything.entities } as Form["entities"] };
    expect(alike(back, everything)).toBe(true);
    expect(alike({ ...everything, description: "" }, everything)).toBe(false);
  });

  it("knows the profile of a region", () => {
    expect([profileFor("eu-central-1"), profileFor("ap-south-1"), profileFor("sa-east-1")]).toEqual([
      "eu.guardrail.v1:0",
      "apac.guardrail.v1:0",
      "us.guardrail.v1:0",
    ]);
  });
});

describe("mistakes", () => {
  it("are told before anything is sent", () => {
    const wrong = lacking(
      { ...everything, name: " ", profile: "", topics: [{ ...everything.topics[0]!, definition: "" }], reasoning: { policies: ["a"], threshold: "2" } },
      { needed: "needed", noShare: "no share" },
    );
    expect(wrong).toEqual({ name: "needed", "general.profile": "needed", "topics.0.definition": "needed", "reasoning.threshold": "no share" });
    expect(Object.keys(wrong).map(sectionOf)).toEqual(["general", "topics", "general", "reasoning"]);
  });

  it("of several members stand at their fields", () => {
    const message =
      "2 validation errors detected: Value at 'name' failed to satisfy constraint: Member must satisfy regular expression pattern: [0-9a-zA-Z-_]+; " +
      "Value at 'topicPolicyConfig.topicsConfig.2.member.definition' failed to satisfy constraint: Member must have length less than or equal to 200";
    expect(told(message, everything)).toEqual({
      name: "Member must satisfy regular expression pattern: [0-9a-zA-Z-_]+",
      "topics.1.definition": "Member must have length less than or equal to 200",
    });
  });

  it.each([
    ["The pattern of the regex 'ticket' cannot be used. The pattern '(?=a)' holds a look-around.", "regexes.0.pattern"],
    ["The name 'Taxes' stands twice in topicPolicyConfig.topicsConfig; each may stand there once.", "topics.0.name"],
    ["The text 'a' stands twice in wordPolicyConfig.wordsConfig; each may stand there once.", "words"],
    ["Another guardrail has the name 'all'; change that one, or choose another name.", "name"],
    ["The threshold of the filter 'GROUNDING' is 1.0; give one from 0 to 0.99.", "grounding"],
    ["The filter 'HATE' cannot judge images here; only SEXUAL can.", "content"],
    ["The automated reasoning policy 'abc' does not exist; check the identifier.", "reasoning"],
  ])("of which a sentence tells stand where they belong: %s", (message, field) => {
    expect(told(message, everything)).toEqual({ [field]: message });
  });

  it("of no field are nowhere", () => {
    expect(told("The server is busy.", everything)).toEqual({});
  });
});

describe("differences", () => {
  const same = (name: string) => name;
  const called: Called = {
    filter: same,
    entity: same,
    side: same,
    deed: same,
    strength: same,
    profanity: "profanity",
    tier: "tier",
    fields: {
      name: "name",
      blockedInput: "in",
      blockedOutput: "out",
      profile: "profile",
      reasoning: "policies",
      threshold: "threshold",
    },
  };

  it("are none of what is alike", () => {
    expect(differences(everything, structuredClone(everything), called)).toEqual([]);
  });

  it("tell what came, went and changed", () => {
    const after: Form = {
      ...everything,
      words: [{ text: "mango", deeds: BLOCKING }],
      entities: { EMAIL: BLOCKING },
      tiers: { ...everything.tiers, topics: "CLASSIC" },
    };
    expect(differences(everything, after, called)).toEqual([
      { section: "words", what: "durian", before: "input: OFF, output: BLOCK", after: "" },
      { section: "sensitive", what: "EMAIL", before: "input: ANONYMIZE, output: BLOCK", after: "BLOCK" },
      { section: "topics", what: "tier", before: "STANDARD", after: "" },
      { section: "words", what: "mango", before: "", after: "BLOCK" },
    ]);
  });
});
