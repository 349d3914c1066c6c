/** What an answer is compared with: the source and the question. */

import ExpandableSection from "@cloudscape-design/components/expandable-section";
import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Textarea from "@cloudscape-design/components/textarea";
import { useState } from "react";
import type { Asked } from "./asked";
import { useTesterTexts } from "./texts";

interface Shown {
  asked: Asked;
  needed: boolean;
  onAsk: (part: Partial<Asked>) => void;
}

export function Compared({ asked, needed, onAsk }: Shown) {
  const texts = useTesterTexts();
  const [open, setOpen] = useState(asked.grounding !== "" || asked.query !== "");
  return (
    <ExpandableSection
      headerText={texts.compared}
      headerDescription={texts.comparedText}
      expanded={open || needed}
      onChange={({ detail }) => setOpen(detail.expanded)}
    >
      <SpaceBetween size="s">
        <FormField label={texts.grounding} stretch>
          <Textarea value={asked.grounding} rows={3} onChange={({ detail }) => onAsk({ grounding: detail.value })} />
        </FormField>
        <FormField label={texts.query} stretch>
          <Input value={asked.query} onChange={({ detail }) => onAsk({ query: detail.value })} />
        </FormField>
      </SpaceBetween>
    </ExpandableSection>
  );
}
