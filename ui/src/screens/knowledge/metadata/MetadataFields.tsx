/** The attributes of a document, and who may find it. */

import FormField from "@cloudscape-design/components/form-field";
import RadioGroup from "@cloudscape-design/components/radio-group";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Textarea from "@cloudscape-design/components/textarea";
import { AttributeRows } from "./AttributeRows";
import { type Draft, linesIn } from "./metadata";
import { useMetadataTexts } from "./texts";

interface Shown {
  draft: Draft;
  /** Whether what is wrong is told. */
  tried: boolean;
  onChange: (draft: Draft) => void;
}

export function MetadataFields({ draft, tried, onChange }: Shown) {
  const own = useMetadataTexts();
  const { rows, restricted, allowed, denied } = draft;
  return (
    <SpaceBetween size="l">
      <AttributeRows rows={rows} tried={tried} onChange={(changed) => onChange({ ...draft, rows: changed })} />
      <FormField label={own.access} description={restricted && own.accessText} stretch>
        <RadioGroup
          value={restricted ? "some" : "everybody"}
          ariaLabel={own.access}
          items={[
            { value: "everybody", label: own.everybody },
            { value: "some", label: own.some },
          ]}
          onChange={({ detail }) => onChange({ ...draft, restricted: detail.value === "some" })}
        />
      </FormField>
      {restricted && (
        <div className="pair">
          <FormField label={own.allowed} description={own.allowedText} errorText={tried && linesIn(allowed).length === 0 && own.allowedMissing}>
            <Textarea value={allowed} rows={3} spellcheck={false} placeholder="ada@example.com" onChange={({ detail }) => onChange({ ...draft, allowed: detail.value })} />
          </FormField>
          <FormField label={own.denied} description={own.allowedText}>
            <Textarea value={denied} rows={3} spellcheck={false} onChange={({ detail }) => onChange({ ...draft, denied: detail.value })} />
          </FormField>
        </div>
      )}
    </SpaceBetween>
  );
}
