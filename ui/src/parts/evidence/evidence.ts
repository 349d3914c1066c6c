/** What a guardrail found, as one list: an assessment of the API in which every policy tells it in its own way. Knows no text. */

import type { GuardrailAssessment, GuardrailAutomatedReasoningFinding } from "@aws-sdk/client-bedrock-runtime";

export const POLICIES = ["topic", "content", "word", "sensitive", "grounding", "reasoning"] as const;
export type Policy = (typeof POLICIES)[number];
export type Action = "BLOCKED" | "ANONYMIZED" | "NONE";

export interface Found {
  policy: Policy;
  /** Within its policy: the API's type of a filter, an entity or a finding; the name of a topic or an expression. */
  name: string;
  group: "topic" | "filter" | "word" | "list" | "entity" | "regex" | "finding";
  action: Action;
  /** False: it was looked for, and is not there, or not strong enough. */
  detected: boolean;
  matched?: string;
  confidence?: string;
  strength?: string;
  score?: number;
  threshold?: number;
  finding?: GuardrailAutomatedReasoningFinding;
}

/** In the order of POLICIES. */
export function evidenceIn(assessment: GuardrailAssessment): Found[] {
  const { topicPolicy, contentPolicy, wordPolicy, sensitiveInformationPolicy, contextualGroundingPolicy } = assessment;
  return [
    ...(topicPolicy?.topics ?? []).map((topic) => found("topic", "topic", topic.name, topic)),
    ...(contentPolicy?.filters ?? []).map((filter) => ({
      ...found("content", "filter", filter.type, filter),
      ...(filter.confidence && { confidence: filter.confidence }),
      ...(filter.filterStrength && { strength: filter.filterStrength }),
    })),
    ...(wordPolicy?.customWords ?? []).map((word) => matching(found("word", "word", word.match, word), word.match)),
    ...(wordPolicy?.managedWordLists ?? []).map((word) => matching(found("word", "list", word.type, word), word.match)),
    ...(sensitiveInformationPolicy?.piiEntities ?? []).map((entity) =>
      matching(found("sensitive", "entity", entity.type, entity), entity.match),
    ),
    ...(sensitiveInformationPolicy?.regexes ?? []).map((regex) =>
      matching(found("sensitive", "regex", regex.name, regex), regex.match),
    ),
    ...(contextualGroundingPolicy?.filters ?? []).map((filter) => ({
      ...found("grounding", "filter", filter.type, filter),
      ...(filter.score !== undefined && { score: filter.score }),
      ...(filter.threshold !== undefined && { threshold: filter.threshold }),
    })),
    ...(assessment.automatedReasoningPolicy?.findings ?? []).map(
      (finding): Found => ({
        ...found("reasoning", "finding", Object.keys(finding)[0], { action: "NONE" }),
        finding,
      }),
    ),
  ];
}

interface Entry {
  action: string | undefined;
  detected?: boolean | undefined;
}

function found(policy: Policy, group: Found["group"], name: string | undefined, { action, detected }: Entry): Found {
  return { policy, group, name: name ?? "", action: (action ?? "NONE") as Action, detected: detected ?? true };
}

function matching(one: Found, match: string | undefined): Found {
  return match ? { ...one, matched: match } : one;
}

export const OUTCOMES = ["blocked", "masked", "noticed", "passed"] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** What became of a text, and who decided it: of what was found, that which did the most. */
export function decided(all: Found[]): { outcome: Outcome; by: Found[] } {
  const there = all.filter(({ detected }) => detected);
  const blocking = there.filter(({ action }) => action === "BLOCKED");
  if (blocking.length > 0) return { outcome: "blocked", by: blocking };
  const masking = there.filter(({ action }) => action === "ANONYMIZED");
  if (masking.length > 0) return { outcome: "masked", by: masking };
  return { outcome: there.length > 0 ? "noticed" : "passed", by: there };
}

/** Findings of one kind as one, with how often. */
export function counted(all: Found[]): { found: Found; times: number }[] {
  const kinds = new Map<string, { found: Found; times: number }>();
  for (const one of all) {
    const kind = JSON.stringify([one.policy, one.group, one.name, one.matched ?? "", one.action, one.finding ? kinds.size : ""]);
    const known = kinds.get(kind);
    if (known) known.times += 1;
    else kinds.set(kind, { found: one, times: 1 });
  }
  return [...kinds.values()];
}
