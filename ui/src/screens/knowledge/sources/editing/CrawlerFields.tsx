/** Where a crawler begins, how far it goes, what it keeps, and how fast. */

import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Textarea from "@cloudscape-design/components/textarea";
import { Pages } from "../SourceFields";
import { useSourcesTexts } from "../texts";
import { type Edit, FASTEST } from "./editing";
import { useEditingTexts } from "./texts";

interface Shown {
  edit: Edit;
  bad: (keyof Edit)[];
  change: (changes: Partial<Edit>) => void;
}

export function CrawlerFields({ edit, bad, change }: Shown) {
  const own = useEditingTexts();
  const { number } = useSourcesTexts();
  return (
    <SpaceBetween size="l">
      <Pages draft={edit} bad={bad} change={change} />
      <div className="pair">
        {(["inclusion", "exclusion"] as const).map((name) => (
          <FormField key={name} label={own[name]} description={own.filterText}>
            <Textarea value={edit[name]} rows={2} spellcheck={false} onChange={({ detail }) => change({ [name]: detail.value })} />
          </FormField>
        ))}
      </div>
      <FormField label={own.rate} constraintText={own.rateText} errorText={bad.includes("rate") && number(1, FASTEST)}>
        <Input value={edit.rate} inputMode="numeric" placeholder={String(FASTEST)} onChange={({ detail }) => change({ rate: detail.value })} />
      </FormField>
    </SpaceBetween>
  );
}
