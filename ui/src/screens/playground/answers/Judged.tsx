/** What a guardrail made of a message and its answer: its verdict, and the evidence. */

import ExpandableSection from "@cloudscape-design/components/expandable-section";
import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator, { type StatusIndicatorProps } from "@cloudscape-design/components/status-indicator";
import Box from "@cloudscape-design/components/box";
import type { GuardrailTraceAssessment } from "@aws-sdk/client-bedrock-runtime";
import { decided, evidenceIn, type Found } from "../../../parts/evidence/evidence";
import { Evidence } from "../../../parts/evidence/Evidence";
import { usePlaygroundTexts } from "../texts/texts";

const TYPES: Record<"blocked" | "masked" | "noticed", StatusIndicatorProps.Type> = { blocked: "error", masked: "warning", noticed: "info" };

export function Judged({ trace }: { trace: GuardrailTraceAssessment }) {
  const { guardrail } = usePlaygroundTexts();
  const parts = [
    { label: guardrail.input, found: Object.values(trace.inputAssessment ?? {}).flatMap(evidenceIn) },
    { label: guardrail.output, found: Object.values(trace.outputAssessments ?? {}).flat().flatMap(evidenceIn) },
  ].filter(({ found }) => found.length > 0);
  const { outcome } = decided(parts.flatMap(({ found }) => found));
  if (outcome === "passed") return <StatusIndicator type="success">{guardrail.passed}</StatusIndicator>;
  return (
    <div className="judged">
      <SpaceBetween size="s">
        <StatusIndicator type={TYPES[outcome]}>{guardrail.evidence[outcome]}</StatusIndicator>
        {trace.actionReason && <Box color="text-body-secondary">{trace.actionReason}</Box>}
        {parts.map((part) => (
          <Part key={part.label} {...part} />
        ))}
        {trace.modelOutput && trace.modelOutput.length > 0 && (
          <ExpandableSection variant="inline" headerText={guardrail.raw}>
            <div className="told">{trace.modelOutput.join("\n\n")}</div>
          </ExpandableSection>
        )}
      </SpaceBetween>
    </div>
  );
}

function Part({ label, found }: { label: string; found: Found[] }) {
  return (
    <div>
      <Box variant="strong">{label}</Box>
      <Evidence found={found} label={label} />
    </div>
  );
}
