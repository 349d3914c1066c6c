/** What is put to a guardrail, and the call that puts it. */

import type { ApplyGuardrailCommandInput, ApplyGuardrailCommandOutput } from "@aws-sdk/client-bedrock-runtime";
import { decided, evidenceIn, type Found, type Outcome } from "../../../parts/evidence/evidence";

export type Source = "INPUT" | "OUTPUT";

export interface Asked {
  source: Source;
  text: string;
  grounding: string;
  query: string;
}

export const NOTHING: Asked = { source: "INPUT", text: "", grounding: "", query: "" };

/** Always with what was looked for and not found: that tells why a text passed. */
export function inputFor({ source, text, grounding, query }: Asked, id: string, version: string): ApplyGuardrailCommandInput {
  const compared = source === "OUTPUT";
  return {
    guardrailIdentifier: id,
    guardrailVersion: version,
    source,
    content: [
      ...(compared && grounding.trim() ? [{ text: { text: grounding, qualifiers: ["grounding_source" as const] } }] : []),
      ...(compared && query.trim() ? [{ text: { text: query, qualifiers: ["query" as const] } }] : []),
      { text: { text } },
    ],
    outputScope: "FULL",
  };
}

export interface Judged {
  asked: Asked;
  version: string;
  outcome: Outcome;
  by: Found[];
  found: Found[];
  missing: Found[];
  /** What is said beside the decision: what could not be judged. */
  doubt: string;
  outputs: string[];
  milliseconds: number;
  guarded: number;
  units: [name: string, units: number][];
}

type Answer = Omit<ApplyGuardrailCommandOutput, "$metadata">;

export function judgedOf(asked: Asked, version: string, answer: Answer): Judged {
  const all = (answer.assessments ?? []).flatMap(evidenceIn);
  const { outcome, by } = decided(all);
  const metrics = answer.assessments?.[0]?.invocationMetrics;
  const doubt = (answer.actionReason ?? "").replace(/^(No action|Guardrail masked|Guardrail blocked)\.\s*/, "");
  const undecided = doubt !== "" && (answer.actionReason ?? "").startsWith("Guardrail blocked");
  return {
    asked,
    version,
    // What could not be judged is blocked, though nothing was found that blocks.
    outcome: undecided ? "blocked" : outcome,
    by: undecided && outcome !== "blocked" ? [] : by,
    found: all.filter(({ detected }) => detected),
    missing: all.filter(({ detected }) => !detected),
    doubt,
    outputs: (answer.outputs ?? []).map(({ text }) => text ?? ""),
    milliseconds: metrics?.guardrailProcessingLatency ?? 0,
    guarded: answer.guardrailCoverage?.textCharacters?.guarded ?? 0,
    units: Object.entries(answer.usage ?? {}).filter(([name, units]) => name !== "automatedReasoningPolicies" && units > 0),
  };
}
