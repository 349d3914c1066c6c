/** Creating a policy from a definition in JSON. */

import { type AutomatedReasoningPolicyDefinition, CreateAutomatedReasoningPolicyCommand } from "@aws-sdk/client-bedrock";
import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import Textarea from "@cloudscape-design/components/textarea";
import { useState } from "react";
import { go } from "../../../app/address";
import { useSession } from "../../../app/session";
import { Dialog } from "../../../parts/Dialog";
import { useReasoningTexts } from "./texts";

const EXAMPLE: AutomatedReasoningPolicyDefinition = {
  version: "1.0",
  types: [],
  variables: [
    { name: "isFullTime", type: "BOOL", description: "Whether the employee works full time; Vollzeit." },
    { name: "tenureMonths", type: "INT", description: "Months of employment; a year is 12. Betriebszugehörigkeit." },
    { name: "eligibleForParentalLeave", type: "BOOL", description: "May take parental leave; Anspruch auf Elternzeit." },
  ],
  rules: [
    { id: "A1B2C3D4E5F6", expression: "(=> (and isFullTime (> tenureMonths 12)) eligibleForParentalLeave)" },
    { id: "B1B2C3D4E5F6", expression: "(=> (or (not isFullTime) (<= tenureMonths 12)) (not eligibleForParentalLeave))" },
  ],
};

export function NewPolicy({ onClose }: { onClose: () => void }) {
  const texts = useReasoningTexts();
  const { api } = useSession();
  const [name, setName] = useState("");
  const [description, setDescription] = useState("");
  const [written, setWritten] = useState(JSON.stringify(EXAMPLE, null, 2));
  const { definition, why } = parsed(written);
  const input = { name, ...(description && { description }), policyDefinition: definition };

  async function create(): Promise<void> {
    const { policyArn = "" } = await api.bedrock.send(new CreateAutomatedReasoningPolicyCommand(input));
    go(`/guardrails/reasoning/${policyArn.slice(policyArn.lastIndexOf("/") + 1)}`);
  }

  return (
    <Dialog
      title={texts.create}
      action={texts.create}
      size="large"
      disabled={!name.trim() || definition === undefined}
      calls={[{ service: "bedrock", operation: "CreateAutomatedReasoningPolicy", input }]}
      onAction={create}
      onClose={onClose}
    >
      <div className="policy-pair">
        <FormField label={texts.name} stretch>
          <Input value={name} onChange={({ detail }) => setName(detail.value)} />
        </FormField>
        <FormField label={texts.description} stretch>
          <Input value={description} onChange={({ detail }) => setDescription(detail.value)} />
        </FormField>
      </div>
      <FormField label={texts.definition} description={texts.createText} errorText={why && texts.notJson(why)} stretch>
        <Textarea value={written} rows={14} spellcheck={false} onChange={({ detail }) => setWritten(detail.value)} />
      </FormField>
    </Dialog>
  );
}

function parsed(text: string): { definition?: AutomatedReasoningPolicyDefinition; why: string } {
  try {
    return { definition: JSON.parse(text) as AutomatedReasoningPolicyDefinition, why: "" };
  } catch (error) {
    return { why: error instanceof Error ? error.message : String(error) };
  }
}
