/** A guardrail as a person edits it: each choice that CreateGuardrail knows, none left out. Knows no screen and no call. */

export const STRENGTHS = ["NONE", "LOW", "MEDIUM", "HIGH"] as const;
export type Strength = (typeof STRENGTHS)[number];

/** What is done about something: OFF does not look for it, NONE only tells of it. */
export const DEEDS = ["BLOCK", "ANONYMIZE", "NONE", "OFF"] as const;
export type Deed = (typeof DEEDS)[number];

export const SIDES = ["input", "output"] as const;
export type Side = (typeof SIDES)[number];
export type Deeds = Record<Side, Deed>;

export const TIERS = ["CLASSIC", "STANDARD"] as const;
export type Tier = (typeof TIERS)[number];

export const FILTERS = ["HATE", "INSULTS", "SEXUAL", "VIOLENCE", "MISCONDUCT", "PROMPT_ATTACK"] as const;
export type FilterType = (typeof FILTERS)[number];
export const COMPARISONS = ["GROUNDING", "RELEVANCE"] as const;
export type ComparisonType = (typeof COMPARISONS)[number];

export interface FilterSide {
  /** NONE: this side is not judged. */
  strength: Strength;
  action: "BLOCK" | "NONE";
  images: boolean;
}
export type Filter = Record<Side, FilterSide>;

export interface Topic {
  name: string;
  definition: string;
  examples: string[];
  deeds: Deeds;
}

export interface Word {
  text: string;
  deeds: Deeds;
}

export interface Regex {
  name: string;
  description: string;
  pattern: string;
  deeds: Deeds;
}

export interface Comparison {
  on: boolean;
  threshold: number;
  action: "BLOCK" | "NONE";
}

export interface Form {
  name: string;
  description: string;
  blockedInput: string;
  blockedOutput: string;
  filters: Record<FilterType, Filter>;
  topics: Topic[];
  words: Word[];
  profanity: Deeds;
  /** By the API's type; what is not in it is OFF. */
  entities: Record<string, Deeds>;
  regexes: Regex[];
  comparisons: Record<ComparisonType, Comparison>;
  reasoning: { policies: string[]; threshold: string };
  tiers: { topics: Tier; content: Tier; grounding: Tier };
  /** Which the tier STANDARD asks for. */
  profile: string;
}

export const OFF: Deeds = { input: "OFF", output: "OFF" };
export const BLOCKING: Deeds = { input: "BLOCK", output: "BLOCK" };
const NO_SIDE: FilterSide = { strength: "NONE", action: "BLOCK", images: false };
export const NO_FILTER: Filter = { input: NO_SIDE, output: NO_SIDE };
const NO_COMPARISON: Comparison = { on: false, threshold: 0.7, action: "BLOCK" };

export function emptyForm(messages: { blockedInput: string; blockedOutput: string }): Form {
  return {
    name: "",
    description: "",
    ...messages,
    filters: {
      HATE: NO_FILTER,
      INSULTS: NO_FILTER,
      SEXUAL: NO_FILTER,
      VIOLENCE: NO_FILTER,
      MISCONDUCT: NO_FILTER,
      PROMPT_ATTACK: NO_FILTER,
    },
    topics: [],
    words: [],
    profanity: OFF,
    entities: {},
    regexes: [],
    comparisons: { GROUNDING: NO_COMPARISON, RELEVANCE: NO_COMPARISON },
    reasoning: { policies: [], threshold: "" },
    tiers: { topics: "CLASSIC", content: "CLASSIC", grounding: "CLASSIC" },
    profile: "",
  };
}

/** Whether anything is looked for, on either side. */
export function isOn({ input, output }: Deeds): boolean {
  return input !== "OFF" || output !== "OFF";
}

export function judges({ input, output }: Filter): boolean {
  return input.strength !== "NONE" || output.strength !== "NONE";
}

/** STANDARD for any policy needs a guardrail profile. */
export function needsProfile({ tiers }: Form): boolean {
  return Object.values(tiers).includes("STANDARD");
}

/** As AWS names the profiles of its regions. */
export function profileFor(region: string): string {
  const place = region.split("-")[0] ?? "us";
  return `${place === "eu" || place === "us" ? place : place === "ap" ? "apac" : "us"}.guardrail.v1:0`;
}
