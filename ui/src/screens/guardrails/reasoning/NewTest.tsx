/** A new test of a policy: a question, an answer, and what the solver should say. */

import { type AutomatedReasoningCheckResult, CreateAutomatedReasoningPolicyTestCaseCommand } from "@aws-sdk/client-bedrock";
import FormField from "@cloudscape-design/components/form-field";
import Select from "@cloudscape-design/components/select";
import Textarea from "@cloudscape-design/components/textarea";
import { useState } from "react";
import { useSession } from "../../../app/session";
import { Dialog } from "../../../parts/Dialog";
import { useReasoningTexts } from "./texts";

export function NewTest({ arn, onClose, onMade }: { arn: string; onClose: () => void; onMade: () => void }) {
  const texts = useReasoningTexts();
  const { api } = useSession();
  const [question, setQuestion] = useState("");
  const [answer, setAnswer] = useState("");
  const [expected, setExpected] = useState("VALID");
  const options = Object.entries(texts.results).map(([value, label]) => ({ value, label, description: value }));

  const input = {
    policyArn: arn,
    guardContent: answer,
    ...(question.trim() && { queryContent: question }),
    expectedAggregatedFindingsResult: expected as AutomatedReasoningCheckResult,
  };

  async function create(): Promise<void> {
    await api.bedrock.send(new CreateAutomatedReasoningPolicyTestCaseCommand(input));
    onMade();
  }

  return (
    <Dialog
      title={texts.add}
      action={texts.add}
      disabled={!answer.trim()}
      calls={[{ service: "bedrock", operation: "CreateAutomatedReasoningPolicyTestCase", input }]}
      onAction={create}
      onClose={onClose}
    >
      <FormField label={texts.question} description={texts.questionText} stretch>
        <Textarea value={question} rows={2} placeholder={texts.questionHint} onChange={({ detail }) => setQuestion(detail.value)} />
      </FormField>
      <FormField label={texts.answer} stretch>
        <Textarea value={answer} rows={2} placeholder={texts.answerHint} onChange={({ detail }) => setAnswer(detail.value)} />
      </FormField>
      <FormField label={texts.expected} stretch>
        <Select
          selectedOption={options.find(({ value }) => value === expected) ?? null}
          options={options}
          onChange={({ detail }) => setExpected(detail.selectedOption.value ?? "VALID")}
        />
      </FormField>
    </Dialog>
  );
}
